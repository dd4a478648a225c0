"""`omnichannel identity export`, `erase`, `erase-again`, `scrub`, `freeze`, `unfreeze`, `object` and `unobject`.

Give the configuration (`--config`): whose items a raw delivery holds is told by its account.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from pydantic import ValidationError

from omnichannel.cli import stores
from omnichannel.cli.records import destination
from omnichannel.errors import NotFound, UsageError
from omnichannel.inbox.rights.archive import write
from omnichannel.model import Proof
from omnichannel.sync import SyncInbox

_DECISIONS = {
    "freeze": "keep what there is of a customer, and do not use it",
    "unfreeze": "use a customer's data again",
    "object": "make no links for a customer that only likeness makes",
    "unobject": "take an objection to likeness back",
}


def arguments(add: Callable[..., argparse.ArgumentParser]) -> None:
    """The verbs, and what each takes."""
    export = _of_customer(add("export", help="write everything of one customer to a ZIP or a folder"))
    export.add_argument("--out", metavar="PATH", required=True, help="a new ZIP (….zip) or folder")
    erase = _of_customer(add("erase", help="erase one customer for good, and write the proof"))
    erase.add_argument("--proof", metavar="FILE", required=True, help="a new file: keep it elsewhere")
    again = add("erase-again", help="erase what a proof says was erased, after a backup was restored")
    stores.arguments(again)
    again.add_argument("--actor", metavar="NAME", required=True, help="who of yours does it")
    again.add_argument("--proof", metavar="FILE", required=True, help="a file that erase wrote")
    for parser in (erase, again):
        parser.add_argument("--later", action="store_true", help="leave the database's files for scrub")
    stores.arguments(add("scrub", help="rewrite the database's files: no byte of what was deleted is left"))
    decisions = [_of_customer(add(verb, help=does)) for verb, does in _DECISIONS.items()]
    for parser in (erase, *decisions):
        parser.add_argument(
            "--because", default="", metavar="TEXT", help="a ticket, say; no name, no address"
        )


def _of_customer(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    stores.arguments(parser)
    parser.add_argument("who", metavar="CUSTOMER", help="an id, or an address: email::anna@shop.example")
    parser.add_argument("--actor", metavar="NAME", required=True, help="who of yours does it")
    return parser


def run(options: argparse.Namespace) -> int:
    """Do what the verb says; 0."""
    work = {"export": _export, "erase": _erase, "erase-again": _erase_again, "scrub": _scrub}
    with stores.inbox(options, accounts=True).sync() as box:
        print("\n".join(work.get(options.verb, _decide)(box, options)))
    return 0


def _who(box: SyncInbox, written: str) -> str:
    """A customer's id, by it or by an address."""
    if ":" not in written:
        return written
    found = box.customers.find(stores.address(written))
    if found is None:
        raise NotFound(f"nobody with the address {written} ever wrote to this workspace")
    return found.id


def _export(box: SyncInbox, options: argparse.Namespace) -> list[str]:
    out = _new(options.out)
    made = box.identity.export(_who(box, options.who), actor=options.actor)
    left = [f"left out: {one.what} {one.id}: {one.because}" for one in made.left_out]
    likely = [f"may be the same customer, and is not in it: {who}" for who in made.likely]
    return [f"written to {write(made, out)}", *left, *likely]


def _new(path: str) -> Path:
    """Where something is to be written that was not there before."""
    out = destination(path)
    if out.exists():
        raise UsageError(f"{path} is there already: name a new one")
    return out


def _erase(box: SyncInbox, options: argparse.Namespace) -> list[str]:
    out = _new(options.proof)
    proof = box.identity.erase(
        _who(box, options.who), actor=options.actor, because=options.because, scrub=not options.later
    )
    rows = [f"{count:>8}  {table}" for table, count in proof.removed.items()]
    kept = [f"kept: {one.rows} {one.what}: {one.because}" for one in proof.kept if one.rows]
    likely = [f"may be the same customer, and was not touched: {who}" for who in proof.likely]
    left = [f"left to you: {one}" for one in proof.elsewhere]
    return [_kept(proof, out), *rows, *kept, *likely, *left]


def _kept(proof: Proof, out: Path) -> str:
    """Write the proof; where that fails after all, it is told instead, for there is no other."""
    text = proof.model_dump_json(indent=2)
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        return f"the proof could not be written ({error}); here it is, keep it:\n{text}"
    return f"proof written to {out}"


def _erase_again(box: SyncInbox, options: argparse.Namespace) -> list[str]:
    try:
        proof = Proof.model_validate_json(Path(options.proof).read_text(encoding="utf-8"))
    except (ValidationError, OSError, UnicodeDecodeError):
        raise UsageError(f"{options.proof} is no proof of an erasure; give a file that erase wrote") from None
    again = box.identity.erase_again(proof, actor=options.actor, scrub=not options.later)
    if again.at == proof.at:
        return ["nothing had come back"]
    return [f"{count:>8}  {table}" for table, count in again.removed.items()]


def _scrub(box: SyncInbox, options: argparse.Namespace) -> list[str]:  # noqa: ARG001 - every verb has them
    return ["done", *(f"left to you: {one}" for one in box.identity.scrub())]


def _decide(box: SyncInbox, options: argparse.Namespace) -> list[str]:
    decide: Callable[..., list[str]] = getattr(box.identity, options.verb)
    ids = decide(_who(box, options.who), actor=options.actor, because=options.because)
    return ["done; identity.undo takes it back, by these ids:", *ids]
