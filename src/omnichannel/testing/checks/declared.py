"""Whether what the channel says of itself holds together, and whether there is a case for each of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

from omnichannel.channel import Channel
from omnichannel.model import Direction, Draft, Part
from omnichannel.testing.failing import require
from omnichannel.testing.subject import Subject

PARTS = tuple(sorted(member.model_fields["type"].default for member in get_args(get_args(Part)[0])))
"""Every type of part that there is."""

OPTIONAL = {
    "continues": "start_link",
    "history": "histories",
    "fetches": "download",
    "profiles": "look_up",
    "finds": "find",
}
"""Which method a capability promises."""


def check_what_it_says_holds_together(subject: Subject) -> str | None:
    """`kind` and `can` are possible, and name what the class has.

    If it fails: change `can` so that it is true, or write the method that it promises.
    """
    kind, can = subject.kind, subject.kind.can
    _known(can.parts_in, PARTS, "parts_in")
    _known(can.parts_out, PARTS, "parts_out")
    _known(can.statuses, ("sent", "delivered", "read", "failed"), "statuses")
    _known(can.signals, ("typing", "seen"), "signals")
    require(
        ("attachment" in can.parts_out) == bool(can.max_attachments), "max_attachments and parts_out disagree"
    )
    require(("attachment" in can.parts_out) == bool(can.media), "media and parts_out disagree")
    require(
        not can.max_options or {"choice", "card"} & can.parts_out, "max_options without choice in parts_out"
    )
    require("choice" not in can.parts_out or can.max_options, "choice in parts_out without max_options")
    require(can.public or can.private, "it is neither public nor private")
    require(
        can.private_text is None or (can.public and can.private),
        "private_text is for who is public and private",
    )
    fewer = can.public_parts_out
    require(
        fewer is None or (can.public and can.private and fewer < can.parts_out),
        "public_parts_out is for fewer parts than parts_out has, in public, where there is a private, too",
    )
    require(can.settles or not can.finds, "can.finds, and can.settles leaves no time for it")
    for name, method in OPTIONAL.items():
        _promised(kind, method, name=name, said=getattr(can, name))
    _promised(kind, "signal", name="signals", said=bool(can.signals))
    return None


def _known(given: Iterable[str], known: Iterable[str], what: str) -> None:
    unknown = sorted(set(given) - set(known))
    require(not unknown, f"can.{what} names {', '.join(unknown)}; there are {', '.join(known)}")


def _promised(kind: type[Channel], method: str, *, name: str, said: bool) -> None:
    written = getattr(kind, method) is not getattr(Channel, method)
    require(written or not said, f"can.{name} promises {method}, which is not written")
    require(said or not written, f"{method} is written, and can.{name} does not say so")


def check_there_are_cases(subject: Subject) -> str | None:
    """What arrives, what is sent and what comes back has cases: at least a message, a draft, and two answers.

    If it fails: record one of each from the platform's documentation or a library's tests.
    """
    can = subject.kind.can
    inbound = [event for _, event in subject.messages() if event.direction is Direction.INBOUND]
    require(inbound or not can.parts_in, "no receive case is a customer's message")
    require(any(subject.drafts(bare=True)), "no send case becomes calls")
    outcomes = {receipt.outcome for _, receipt in subject.receipts()}
    for outcome in ("sent", "refused"):
        require(outcome in outcomes, f"no response case ends as {outcome}")
    return None


def check_parts_in_have_cases(subject: Subject) -> str | None:
    """Each part that can come in came in with a case, and none came that was not declared.

    If it fails: record a delivery with that part, or take it out of `can.parts_in` (or put it in).
    """
    seen: set[str] = {part.type for _, message in subject.messages() for part in message.parts}
    _exactly(subject.kind.can.parts_in, seen, "parts_in")
    return None


def _exactly(declared: Iterable[str], seen: Iterable[str], what: str) -> None:
    missing, more = sorted(set(declared) - set(seen)), sorted(set(seen) - set(declared))
    require(not missing, f"can.{what} declares {', '.join(missing)}, and no case shows it")
    require(not more, f"cases show {', '.join(more)}, and can.{what} does not declare it")


def check_parts_out_have_cases(subject: Subject) -> str | None:
    """Each part that can be sent is sent in a case, and none is that was not declared.

    If it fails: write a send case with that part, or take it out of `can.parts_out` (or put it in).
    """
    _exactly(
        subject.kind.can.parts_out,
        {part.type for draft in _sent(subject) for part in draft.parts},
        "parts_out",
    )
    if (fewer := subject.kind.can.public_parts_out) is not None:
        said = {part.type for draft in _sent(subject) if draft.public for part in draft.parts}
        _exactly(fewer, said, "public_parts_out")
    return None


def _sent(subject: Subject) -> list[Draft]:
    return [draft for _, draft in subject.drafts(bare=True)]


def check_statuses_have_cases(subject: Subject) -> str | None:
    """Each status that messages of ours get came with a case, and no other. `sent` may be what a send was answered.

    If it fails: record the delivery that says it, or change `can.statuses`.
    """
    seen: set[str] = {update.status for _, update in subject.updates() if update.status}
    if "sent" in subject.kind.can.statuses and any(
        receipt.outcome == "sent" for _, receipt in subject.receipts()
    ):
        seen.add("sent")
    _exactly(subject.kind.can.statuses, seen, "statuses")
    return None


def check_happenings_have_cases(subject: Subject) -> str | None:
    """Edits, deletions, reactions and typing came with a case if they are declared, and only then.

    If it fails: record the delivery that says it, or change `can`.
    """
    can = subject.kind.can
    kinds = {update.kind for _, update in subject.updates()}
    said = {"edited": can.edits, "deleted": can.deletes, "reaction": can.reactions, "typing": can.typing}
    _exactly(
        {kind for kind, there in said.items() if there}, kinds & said.keys(), "edits/deletes/reactions/typing"
    )
    return None


def check_echoes_have_a_case(subject: Subject) -> str | None:
    """Where the platform tells us what we said, a case shows it, as outbound; elsewhere nothing is outbound.

    If it fails: record the echo of a message that was sent, and read it as `Direction.OUTBOUND`. Taken for the
    customer's, it would be answered, and the answer too.
    """
    seen = {case.name for case, message in subject.messages() if message.direction is Direction.OUTBOUND}
    if subject.kind.can.echoes:
        require(seen, "can.echoes, and no receive case is an echo (direction outbound)")
    else:
        require(not seen, f"{', '.join(sorted(seen))}: outbound, and can.echoes does not say so")
    return None


def check_public_and_private_have_cases(subject: Subject) -> str | None:
    """What can be public has a public message and a public draft among its cases; what can be private as well.

    If it fails: record both ways, or change `can.public` and `can.private`.
    """
    can = subject.kind.can
    for public, said in ((True, can.public), (False, can.private)):
        word = "public" if public else "private"
        heard = any(message.public == public for _, message in subject.messages())
        require(
            heard == (said and bool(can.parts_in)), f"can.{word} is {said}, the receive cases say {heard}"
        )
        told = any(draft.public == public for _, draft in subject.drafts(bare=True))
        require(told == said, f"can.{word} is {said}, the send cases say {told}")
    return None


def check_what_is_heard_is_declared(subject: Subject) -> str | None:
    """Subjects, private words and threads of their own came with a case if they are declared, and only then.

    If it fails: record such a delivery, or change `can.subject`, `can.hears` or `can.threads`. A thread that is only
    whom we talk with is none: then say threads=False. (A chat may have several with one person; nobody can see by
    them whether each is a question of its own.)
    """
    can = subject.kind.can
    heard = [message for _, message in subject.messages()]
    inbound = [message for message in heard if message.direction is Direction.INBOUND]
    _exactly_so("subject", can.subject, any(message.subject for message in heard))
    _exactly_so(
        "hears", can.hears and can.private and bool(can.parts_in), not all(one.public for one in inbound)
    )
    of_its_own = any(one.thread not in {"", one.sender.address.value} for one in inbound)
    require(
        of_its_own or not can.threads, "can.threads, and no receive case has a thread that is not a person"
    )
    return None


def _exactly_so(name: str, declared: bool, seen: bool) -> None:
    require(declared == seen, f"can.{name} is {declared}, the receive cases say {seen}")


def check_tokens_have_a_case(subject: Subject) -> str | None:
    """Where a link can carry a token, a case shows one that came back.

    If it fails: record what arrives when somebody follows the link, and fill in `tokens` with `find_tokens`.
    """
    if not subject.kind.can.continues:
        return "can.continues says that no link carries a token"
    found = any(message.tokens for _, message in subject.messages())
    found = found or any(update.tokens for _, update in subject.updates())
    require(found, "can.continues, and no receive case brings a token back")
    return None


CHECKS = (
    check_what_it_says_holds_together,
    check_there_are_cases,
    check_parts_in_have_cases,
    check_parts_out_have_cases,
    check_statuses_have_cases,
    check_happenings_have_cases,
    check_echoes_have_a_case,
    check_public_and_private_have_cases,
    check_what_is_heard_is_declared,
    check_tokens_have_a_case,
)
