"""`omnichannel emulate`: the platforms on loopback, for building a whole support application offline."""

from __future__ import annotations

import argparse
import json
import signal
import threading
import tomllib
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from omnichannel.errors import ConfigError, UsageError
from omnichannel.plugins import EMULATORS, kinds, offered

if TYPE_CHECKING:
    from omnichannel.emulators.emulator import Emulator
    from omnichannel.emulators.playground import Booth

OURS = (
    "# Written by `omnichannel emulate`, and anew with each start: accounts on this machine, no real ones.\n"
)
YOURS = "# What stands below this line is yours, and stays: [desk], [access], [retention], [webhooks.NAME].\n"
PAUSE = 1.0
"""Seconds between two looks at what is on its way: a person at the page does not notice more."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which platforms, and where your application takes webhooks."""
    parser.add_argument(
        "kinds", metavar="KIND", nargs="*", help="kinds of channel; all that have an emulator"
    )
    parser.add_argument(
        "--hooks",
        metavar="URL",
        default="http://127.0.0.1:8000",
        help="where the inbox's ASGI application is, with its prefix (http://127.0.0.1:8000)",
    )
    parser.add_argument("--write", metavar="FILE", help="write the accounts there, instead of printing them")
    parser.add_argument(
        "--port", metavar="N", type=int, default=8900, help="of the customers' page; 0 for any (8900)"
    )


def run(options: argparse.Namespace) -> int:
    """Serve until interrupted or terminated; then folders of scanned letters and the like are put away."""
    stop = threading.Event()
    before = signal.signal(signal.SIGTERM, lambda *_: stop.set())
    try:
        serve(options, stop)
    finally:
        signal.signal(signal.SIGTERM, before)
    return 0


def serve(options: argparse.Namespace, stop: threading.Event) -> None:
    """Start the emulators, tell their settings, and serve the customers' page until told to stop."""
    try:
        from omnichannel.emulators.emulator import Emulator
        from omnichannel.emulators.playground import Booth, playground
        from omnichannel.emulators.serving import Served
    except ImportError as error:
        cure = "Run: pip install 'omnichannel[demo]'"
        raise ConfigError("emulate", f"{error.name} is not installed", cure) from None
    wanted = dict.fromkeys(options.kinds or kinds(EMULATORS))
    classes: dict[str, Callable[[], Emulator]] = {
        kind: offered(EMULATORS, kind, Emulator)  # type: ignore[type-abstract]  # what is offered is concrete
        for kind in wanted
    }
    if options.write:
        _spare(Path(options.write))
    with ExitStack() as stack:
        running = {kind: stack.enter_context(made()) for kind, made in classes.items()}
        hooks = options.hooks.rstrip("/")
        booths = {kind: Booth(emulator, f"{hooks}/{kind}") for kind, emulator in running.items()}
        try:
            page = stack.enter_context(Served(playground(booths), port=options.port))
        except (OSError, OverflowError) as error:
            raise UsageError(f"--port {options.port}: {error}; name another one, or 0 for any") from None
        _push(booths)  # some accounts hold the address of their webhook, which is known from here on
        _tell(running, options.write, hooks, page.url)
        while not stop.wait(PAUSE):
            _push(booths)


def _push(booths: Mapping[str, Booth]) -> None:
    for booth in booths.values():
        booth.push()


def _spare(file: Path) -> None:
    """Raise UsageError rather than write over what somebody else put there."""
    if not file.exists():
        return
    held = file.read_bytes()
    if not held.startswith(OURS.encode()):
        cure = "name another one, and let your application read it: OMNICHANNEL_CONFIG=FILE"
        raise UsageError(f"--write {file}: it is there, and this command did not write it; {cure}")
    try:
        written = tomllib.loads(held.decode().partition(YOURS)[0])
    except ValueError as error:
        raise UsageError(
            f"--write {file}: it is not TOML any more ({error}); mend it, or name another one"
        ) from None
    yours = sorted(written.keys() - {"channels"})
    if yours:
        cure = f"put tables below the line {YOURS[:38]!r}, and set OMNICHANNEL_STORE or OMNICHANNEL_WORKSPACE instead"
        raise UsageError(f"--write {file}: {', '.join(yours)} of yours would be lost; {cure}")


def _kept(file: Path) -> str:
    """What somebody wrote below our accounts."""
    return file.read_text("utf-8").partition(YOURS)[2] if file.exists() else ""


def _tell(running: dict[str, Emulator], file: str | None, hooks: str, page: str) -> None:
    written = "\n".join([OURS, *(section(kind, emulator.settings) for kind, emulator in running.items())])
    if file:
        part = Path(f"{file}.part")
        part.write_text(f"{written}\n{YOURS}{_kept(Path(file))}", "utf-8")
        part.replace(file)  # whole or not at all: an application may be waiting for it
    else:
        print(written)
    count = f"{len(running)} platform{'s run' if len(running) > 1 else ' runs'}"
    print(f"# {count}{f'; the accounts are in {file}' if file else ''}")
    print(f"# webhooks go to {hooks}/<kind>; customers write at {page}", flush=True)


def section(kind: str, settings: dict[str, object]) -> str:
    """An account as it stands in `omnichannel.toml`; its name is its kind."""
    lines = [f"[channels.{kind}]", f'kind = "{kind}"']
    lines += [f"{key} = {_toml(value)}" for key, value in settings.items()]
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    """A value as TOML writes it: like JSON, but for tables and for what JSON calls null."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {_toml(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple | set | frozenset):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value if isinstance(value, bool | int | float) else str(value))
