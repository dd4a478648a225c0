"""The command `omnichannel`: one small module for each of its commands, imported only when it is called.

A new command is a line in `COMMANDS` and a module of that name here, with two functions: `arguments(parser)`,
which says what it takes, and `run(options) -> int`, which does it and returns the exit status. Both may raise
any error of ours: it is told in one line.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from omnichannel.errors import OmnichannelError, UsageError

COMMANDS = {
    "normalize": "print what raw files mean, one JSON object per event and line",
    "verify": "say whether a webhook would be accepted",
    "measure": "count a text as a channel does, and show the pieces it would be sent as",
    "schema": "print the JSON Schema of the model, or the SQL that spreads the tables over machines",
    "doctor": "check a configuration, and say how to mend it",
    "channel": "write a new channel, as a package of its own",
    "channels": "list the installed kinds of channel, and what they can carry",
    "parked": "list what failed for good, and try it once more",
    "doubts": "list the messages of which nobody knows whether they arrived, ask about them, settle them",
    "blocks": "list whom nobody listens to, block somebody, show what they wrote meanwhile, listen again",
    "webhooks": "list the other systems that are told what happens, and see to them",
    "trail": "say who of ours saw and did what, and verify that it is as it was written",
    "retention": "let go what is older than it is to be kept, or say what would go",
    "identity": "say which records of a file are one customer's",
    "health": "say how every account does, and what to do about it",
    "report": "say what was done in a time: volumes, reply times, targets, backlog, ratings",
    "reconcile": "bring in what an account missed, from its platform's own record",
    "routes": "try rules out on what was asked before, and say which rule takes a conversation",
    "history": "bring in what was said before, from a platform's own record",
    "import": "bring in mailboxes that lie in files, and the exports of other desks",
    "emulate": "run the platforms on loopback, to build and try an application offline",
    "demo": "run the main job offline, end to end, and show what happened",
}

_MOST_OPTIONS = 1000  # argparse takes the square of their number

USAGE_STATUS = 2
INTERRUPTED_STATUS = 130
PIPE_STATUS = 141
"""128 plus the number of the signal, as a shell reports a command that SIGINT or SIGPIPE ended."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 well, 1 not, 2 asked wrongly. Never raises an Exception."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Whatever the terminal says of itself: JSON is UTF-8, and a file name may be no text at all.
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        status = _run(sys.argv[1:] if argv is None else argv)
        sys.stdout.flush()
    except SystemExit as said:
        return said.code if isinstance(said.code, int) else 0
    except BrokenPipeError:
        # Who read us has seen enough; what is still buffered goes nowhere, without a complaint at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_STATUS
    except KeyboardInterrupt:
        return INTERRUPTED_STATUS
    except UsageError as error:
        return _tell(str(error), USAGE_STATUS)
    except (OmnichannelError, OSError) as error:
        return _tell(str(error), 1)
    except Exception as error:
        # The last line of defence: a traceback helps nobody who only wanted an answer.
        if "OMNICHANNEL_TRACEBACK" in os.environ:
            raise
        cure = "please report it, with what OMNICHANNEL_TRACEBACK=1 shows"
        return _tell(f"this is a mistake of omnichannel's ({type(error).__name__}); {cure}", 1)
    return status


def _run(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="omnichannel", description="Every channel a customer writes on, in one inbox."
    )
    parser.add_argument("--version", action="store_true", help="print the version and leave")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command")
    if sum(word.startswith("-") for word in argv) > _MOST_OPTIONS:
        raise UsageError(f"more than {_MOST_OPTIONS} options; say each once")
    if any(word.endswith("=--") for word in argv):
        raise UsageError("-- can be no option's value here")  # argparse would make it an empty list
    wanted = next((word for word in argv if not word.startswith("-")), "")
    for name, does in COMMANDS.items():
        command = commands.add_parser(name, help=does, description=does)
        if name == wanted:
            import_module(_module(name)).arguments(command)
    options = parser.parse_args(argv)
    if options.version:
        return _version()
    if not options.command:
        parser.print_help()
        return USAGE_STATUS
    status: int = import_module(_module(options.command)).run(options)
    return status


def _module(command: str) -> str:
    # A module cannot be imported by the name of a keyword.
    return f"omnichannel.cli.{'imports' if command == 'import' else command}"


def _version() -> int:
    from importlib.metadata import version

    print(f"omnichannel {version('omnichannel')}")
    return 0


def _tell(message: str, status: int) -> int:
    print(f"omnichannel: {' '.join(message.split())}", file=sys.stderr)
    return status
