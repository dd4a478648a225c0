"""Whether `can` is true to the letter: windows, answers, signs, links are as declared, and what is not raises."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Sequence
from datetime import timedelta

from omnichannel.channel import Call, Channel
from omnichannel.errors import OmnichannelError, Unsupported
from omnichannel.model import Address, Attachment, Draft, Party
from omnichannel.testing.drafting import base, bases, in_words, must_refuse, refusal
from omnichannel.testing.failing import fail, require
from omnichannel.testing.subject import Subject
from omnichannel.testing.wording import carries


def check_public_and_private_are_as_declared(subject: Subject) -> str | None:
    """A channel that is not public refuses public drafts, and one that is not private refuses private ones.

    If it fails: raise Unsupported for `draft.public` as `can.public` and `can.private` say.
    """
    channel, can = subject.channel(), subject.kind.can
    for case, draft in bases(subject):
        other = draft.model_copy(update={"public": not draft.public})
        if not (can.public if other.public else can.private):
            word = "public" if other.public else "private"
            must_refuse(channel, other, "Unsupported", f"a {word} draft", case.name)
    return None


def check_addresses_of_others_are_refused(subject: Subject) -> str | None:
    """A private draft to an address of another kind raises Unsupported: its value means somebody else here.

    If it fails: compare `draft.to.address.kind` before anything is sent to `draft.to.reach`.
    """
    found = base(subject, public=False)
    if found is None:
        return "can.private says that it is public only"
    case, draft = found
    foreign = draft.to.address.model_copy(update={"kind": "kit-elsewhere"})
    to = draft.to.model_copy(update={"address": foreign})
    must_refuse(
        subject.channel(), draft.model_copy(update={"to": to}), "Unsupported", f"to {foreign}", case.name
    )
    return None


def check_it_reaches_what_it_says(subject: Subject) -> str | None:
    """A private draft to an address of each kind in `can.reaches` becomes calls.

    If it fails: write to such an address, or take it out of `can.reaches`.
    """
    if not subject.kind.can.reaches:
        return "can.reaches names no other kind of address"
    found = base(subject, public=False)
    for kind in subject.kind.can.reaches if found else ():
        assert found is not None
        value = {"phone": "+31612345678", "email": "ann@customer.example"}.get(kind, "1")
        draft = found[1].model_copy(update={"to": Party(address=Address(kind=kind, value=value))})
        name, _ = refusal(subject.channel(), draft)
        require(
            not name,
            f"can.reaches has {kind}, and a draft to {kind}::{value} raises {name}",
            case=found[0].name,
        )
    return None


def check_copies_are_sent_or_refused(subject: Subject) -> str | None:
    """Somebody in `cc` is written to as well, or the draft is refused.

    If it fails: raise Unsupported for `draft.cc` where there is only one recipient.
    """
    channel = subject.channel()
    for case, draft in bases(subject):
        value = "kit@copy.example" if draft.to.address.kind == "email" else draft.to.address.value + "7"
        copy = Party(address=draft.to.address.model_copy(update={"value": value}))
        name, calls = refusal(channel, draft.model_copy(update={"cc": (copy,)}))
        require(name or carries(calls, value), f"a copy to {copy.address} is lost", case=case.name)
    return None


def check_windows_are_kept(subject: Subject) -> str | None:
    """Within `can.window` an answer goes out, after it WindowClosed is raised; without a window there is no end.

    If it fails: compare `draft.created_at - draft.heard_at` with `can.window.hours`; `person_hours` are for words
    that a person wrote (`draft.automatic` is false), and never longer. Read no clock.
    """
    found = base(subject, public=False) or base(subject, public=True)
    if found is None:
        return "no send case becomes calls in words"
    case, draft = found
    window, channel = subject.kind.can.window, subject.channel()
    if window is None:
        require(
            not any(each.raises == "WindowClosed" for each in subject.sent), "WindowClosed, and no can.window"
        )
        for heard in (None, timedelta(days=4000)):
            name, _ = refusal(channel, _silent(draft, heard, automatic=True))
            require(
                not name,
                f"there is no can.window, and after {heard} of silence {name} is raised",
                case=case.name,
            )
        return None
    require(
        any(each.raises == "WindowClosed" for each in subject.sent),
        "can.window, and no case raises WindowClosed",
    )
    minute, open_, longest = (
        timedelta(minutes=1),
        timedelta(hours=window.hours),
        timedelta(hours=window.person_hours),
    )
    for automatic in (True, False):
        name, _ = refusal(channel, _silent(draft, open_ - minute, automatic=automatic))
        require(not name, f"within the window of {window.hours:g} hours {name} is raised", case=case.name)
        after = open_ + minute if automatic or not longest else max(open_, longest) + minute
        what = f"{'a program' if automatic else 'a person'} answering {after} after they wrote"
        must_refuse(channel, _silent(draft, after, automatic=automatic), "WindowClosed", what, case.name)
    must_refuse(channel, _silent(draft, None, automatic=False), "WindowClosed", "who never wrote", case.name)
    return None


def _silent(draft: Draft, silence: timedelta | None, *, automatic: bool) -> Draft:
    heard = None if silence is None else draft.created_at - silence
    return in_words(draft, "Hello").model_copy(update={"heard_at": heard, "automatic": automatic})


def check_answers_point_where_they_are_told(subject: Subject) -> str | None:
    """Where `can.answers`, the calls name the message that is answered (`draft.reply_to`); a case shows it.

    If it fails: put `draft.reply_to` where the platform wants it, or say answers=False.
    """
    pointing = [(case, draft) for case, draft in subject.drafts() if draft.reply_to]
    channel = subject.channel()
    if not subject.kind.can.answers:
        for case, draft in pointing:
            _, calls = refusal(channel, draft)
            _, without = refusal(channel, draft.model_copy(update={"reply_to": "", "references": ()}))
            require(calls == without, "answers point, and can.answers denies it", case=case.name)
        return None
    require(pointing, "can.answers, and no send case has a reply_to")
    for case, draft in pointing:
        _, calls = refusal(channel, draft)
        _, without = refusal(channel, draft.model_copy(update={"reply_to": "", "references": ()}))
        named = _named(calls, draft.reply_to) and calls != without
        require(named, f"its calls do not name {draft.reply_to}", case=case.name)
    return None


def _named(calls: Sequence[Call], external_id: str) -> bool:
    """Whether an id is in the calls: whole, or in its pieces where it is made of a chat's id and a message's."""
    pieces = re.findall(r"[^:@/]+", external_id)
    return carries(calls, external_id) or all(carries(calls, piece) for piece in pieces)


def check_subjects_are_carried(subject: Subject) -> str | None:
    """Where `can.subject`, the calls hold the draft's subject; a case shows it.

    If it fails: write `draft.subject` into the message, or say subject=False.
    """
    if not subject.kind.can.subject:
        return "can.subject says that messages have none"
    titled = [(case, draft) for case, draft in subject.drafts() if draft.subject and draft.subject.isascii()]
    require(titled, "can.subject, and no send case has one in ASCII")
    for case, draft in titled:
        _, calls = refusal(subject.channel(), draft)
        body = " ".join(call.body.decode("utf-8", "replace") for call in calls)
        require(carries(calls, draft.subject) or draft.subject in body, "the subject is lost", case=case.name)
    return None


def check_signals_are_as_declared(subject: Subject) -> str | None:
    """Each sign of `can.signals` becomes a call, any other raises Unsupported.

    If it fails: implement `signal` for exactly those that `can.signals` names.
    """
    channel, found = subject.channel(), base(subject, public=False) or base(subject, public=True)
    if found is None:
        return "no send case becomes calls in words"
    to = found[1].to
    for sign in ("typing", "seen", "dancing"):
        try:
            call = channel.signal(to, sign, "kit-message-id")
        except Unsupported:
            require(
                sign not in subject.kind.can.signals, f"can.signals has {sign}, and signal raises Unsupported"
            )
            continue
        except OmnichannelError as error:
            fail(f"signal({sign!r}) raised {type(error).__name__}: {error}; raise Unsupported")
        require(sign in subject.kind.can.signals, f"signal gives {sign}, and can.signals does not have it")
        require(call.url, f"signal({sign!r}) has no url")
    return None


TOKEN = "octabcdefghijklmnopqrstuvwxy7"  # noqa: S105 - a token that continues nothing
"""As long as ours are: `oct` and 26 letters of base32."""


def check_links_carry_tokens(subject: Subject) -> str | None:
    """Where `can.continues`, a link holds the token so that it is found again; elsewhere it raises.

    If it fails: write `start_link`, with the token quoted for its place, or say continues=False. Where a link cannot
    hold letters, the test's `tokens` reads it out of it.
    """
    channel = subject.channel()
    try:
        link = channel.start_link(TOKEN)
    except Unsupported:
        require(not subject.kind.can.continues, "can.continues, and start_link raises Unsupported")
        return None
    require(subject.kind.can.continues, "start_link makes a link, and can.continues does not say so")
    require(subject.tokens(link) == (TOKEN,), f"the token is not found again in {link}")
    require(" " not in link and ":" in link, f"{link!r} is no link")
    return None


async def _never(channel: Channel) -> bytes:
    return await channel.download(Attachment(name="a", url="https://platform.example/a", external_id="a"))


def check_downloads_are_as_declared(subject: Subject) -> str | None:
    """Where files do not lie at the platform (`can.fetches` is false), `download` raises Unsupported.

    If it fails: leave `download` as it is inherited, or say fetches=True.
    """
    if subject.kind.can.fetches:
        return "can.fetches: its files are fetched from the platform, which is for tests with its emulator"
    with contextlib.suppress(Unsupported):
        asyncio.run(_never(subject.kind.bare()))
        fail("download gives bytes, and can.fetches does not say so")
    return None


CHECKS = (
    check_public_and_private_are_as_declared,
    check_addresses_of_others_are_refused,
    check_it_reaches_what_it_says,
    check_copies_are_sent_or_refused,
    check_windows_are_kept,
    check_answers_point_where_they_are_told,
    check_subjects_are_carried,
    check_signals_are_as_declared,
    check_links_carry_tokens,
    check_downloads_are_as_declared,
)
