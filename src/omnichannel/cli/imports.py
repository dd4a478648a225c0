"""`omnichannel import`: bring in mailboxes that lie in files, and the exports of other desks."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence

from omnichannel.app import Inbox
from omnichannel.config import load
from omnichannel.errors import UsageError
from omnichannel.imports import Archive, Chatwoot, Maildir, Mbox, Zammad
from omnichannel.inbox import Unpacked

_MOST_TOLD = 20


def arguments(parser: argparse.ArgumentParser) -> None:
    """What kind of archive, where it lies, and to which account it belongs."""
    parser.add_argument("kind", choices=sorted((*_MAIL, *_DESKS)), help="what kind of archive it is")
    parser.add_argument("path", metavar="PATH", help="the file or folder")
    parser.add_argument("--account", metavar="ACCOUNT", default="", help="the account that it belongs to")
    parser.add_argument(
        "--inbox",
        metavar="INBOX=ACCOUNT",
        action="append",
        default=[],
        help="the account for one inbox of the other desk; may be given several times",
    )
    parser.add_argument("--sent", action="store_true", help="all of it is mail that we sent")
    parser.add_argument("--vouch", action="store_true", help="I vouch for everybody whom it names")
    parser.add_argument("--dry-run", action="store_true", help="only count what would be brought in")
    parser.add_argument("--config", metavar="FILE", help="instead of OMNICHANNEL_CONFIG or omnichannel.toml")


def run(options: argparse.Namespace) -> int:
    """Bring it in, telling how far it is; interrupted, the same command goes on. 1 if some of it cannot be read."""
    archive = _archive(options)
    done = asyncio.run(_bring_in(options, archive))
    print(f"{'would be' if options.dry_run else 'done'}: {_counted(done)}")
    for trouble in done.troubles[:_MOST_TOLD]:
        print(f"  cannot be read: {trouble.where}: {trouble.reason}")
    if done.unreadable > _MOST_TOLD:
        print(f"  and {done.unreadable - _MOST_TOLD} more")
    if done.unreadable and not options.dry_run:
        print("what cannot be read is kept: `omnichannel parked` lists it, and tries it again")
    return 1 if done.unreadable else 0


async def _bring_in(options: argparse.Namespace, archive: Archive) -> Unpacked:
    told = -1

    def tell(done: Unpacked) -> None:
        nonlocal told
        if int(done.share * 100) > told:
            told = int(done.share * 100)
            print(f"{told} %: {_counted(done)}", flush=True)

    given = load(options.config)
    async with Inbox(given.store, given.channels, workspace=given.workspace, desk=given.desk) as inbox:
        return await inbox.import_archive(archive, dry_run=options.dry_run, told=tell)


def _counted(done: Unpacked) -> str:
    return (
        f"{done.found} found, {done.written} brought in, {done.known} known, {done.passed_over} passed over, "
        f"{done.unreadable} not readable"
    )


def _mail(options: argparse.Namespace) -> str:
    if not options.account:
        raise UsageError("say which e-mail account the mail was to or from: --account ACCOUNT")
    if options.inbox:
        raise UsageError("--inbox is for the exports of other desks; mail has one account: --account ACCOUNT")
    return str(options.account)


def _inboxes(given: Sequence[str]) -> dict[str, str]:
    pairs = [one.rpartition("=") for one in given]
    if wrong := [one for one, (name, _, account) in zip(given, pairs, strict=True) if not (name and account)]:
        raise UsageError(f"--inbox {wrong[0]}: write the other desk's inbox and our account, as Support=mail")
    return {name: account for name, _, account in pairs}


def _desk(options: argparse.Namespace) -> dict[str, str]:
    found = _inboxes(options.inbox)
    if options.sent:
        raise UsageError("--sent is for mail; the export of a desk says itself who said what")
    if not (found or options.account):
        raise UsageError(
            "say where it goes: --inbox INBOX=ACCOUNT for each inbox, or --account ACCOUNT for all"
        )
    return found


def _archive(options: argparse.Namespace) -> Archive:
    if mail := _MAIL.get(options.kind):
        return mail(options.path, account=_mail(options), sent=options.sent, vouch=options.vouch)
    desk, accounts = _DESKS[options.kind], _desk(options)
    return desk(options.path, account=options.account, accounts=accounts, vouch=options.vouch)


_MAIL: dict[str, type[Mbox | Maildir]] = {"mbox": Mbox, "maildir": Maildir}
_DESKS: dict[str, type[Chatwoot | Zammad]] = {"chatwoot": Chatwoot, "zammad": Zammad}
