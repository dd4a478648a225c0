"""`omnichannel trail`: who of ours saw and did what; whether that is as it was written."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from omnichannel.cli import stores
from omnichannel.cli.records import destination
from omnichannel.cli.wire import json_line
from omnichannel.errors import UsageError
from omnichannel.model import Act, Seal
from omnichannel.sync import SyncInbox


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where the store is, and what is asked of its trail."""
    stores.arguments(parser)
    parser.add_argument(
        "verb", nargs="?", choices=("list", "verify", "seal"), default="list",
        help="list what was done (the default), verify that it is as it was written, or write how far it is now",
    )  # fmt: skip
    parser.add_argument("--actor", metavar="NAME", default="", help="only what this agent did")
    parser.add_argument("--customer", metavar="ID", default="", help="only what was about a customer")
    parser.add_argument("--conversation", metavar="ID", default="", help="only what was about a conversation")
    parser.add_argument("--since", metavar="DAY", type=_day, help="from this day on (2026-03-01, UTC)")
    parser.add_argument("--until", metavar="DAY", type=_day, help="up to, and without, this day")
    parser.add_argument("--refused", action="store_true", help="only what somebody was refused")
    parser.add_argument("--most", metavar="N", type=int, default=1000, help="so many, the newest (1000)")
    parser.add_argument("--json", action="store_true", help="one JSON object per line")
    parser.add_argument("--seal", metavar="FILE", help="verify: beside what seal wrote; seal: the new file")


def _day(written: str) -> datetime:
    try:
        return datetime.fromisoformat(written).replace(tzinfo=UTC)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{written!r} is no day; write it as 2026-03-01") from None


def run(options: argparse.Namespace) -> int:
    """List, verify or seal; 1 if something is not as it was written, else 0."""
    work = {"list": _list, "verify": _verify, "seal": _seal}
    with stores.inbox(options).sync() as box:
        return work[options.verb](box, options)


def _list(box: SyncInbox, options: argparse.Namespace) -> int:
    found = box.trail.acts(
        actor=options.actor,
        who=options.customer,
        conversation=options.conversation,
        since=options.since,
        until=options.until,
        allowed=False if options.refused else None,
        most=options.most,
    )
    for act in found:
        print(json_line(act.model_dump(mode="json")) if options.json else _line(act))
    if not found and not options.json:
        print("nothing of that stands on the trail")
    return 0


def _line(act: Act) -> str:
    about = " ".join((*act.conversations, *act.customers, *act.messages))
    refused = "" if act.allowed else "  REFUSED"
    because = f"  ({json_line(act.because)})" if act.because else ""
    return f"{act.at:%Y-%m-%d %H:%M:%S}  {act.actor}  {act.method}{refused}  {about}{because}".rstrip()


def _verify(box: SyncInbox, options: argparse.Namespace) -> int:
    found = box.trail.verify(_read(options.seal) if options.seal else None)
    beside = " and has all that the seal covers" if options.seal else ""
    for wrong in found.wrong:
        print(wrong)
    if found.whole:
        print(f"{found.acts} acts in {found.chains} chains: the trail is as it was written{beside}")
        if not box.inbox.access_rules.secrets:
            print("its key stands in the same database: whoever can write all of that could make it anew")
    return 0 if found.whole else 1


def _read(path: str) -> Seal:
    try:
        return Seal.model_validate_json(Path(path).read_text(encoding="utf-8"))
    except (ValidationError, OSError, UnicodeDecodeError):
        raise UsageError(f"{path} is no seal; give a file that `omnichannel trail seal` wrote") from None


def _seal(box: SyncInbox, options: argparse.Namespace) -> int:
    if not options.seal:
        raise UsageError("say where to: --seal FILE, somewhere that this database's users cannot write")
    out = destination(options.seal)
    if out.exists():
        raise UsageError(f"{out} is there already: name a new one")
    out.write_text(box.trail.seal().model_dump_json(indent=2), encoding="utf-8")
    print(f"written to {out}")
    return 0
