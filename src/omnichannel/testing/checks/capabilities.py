"""Whether `can` is true to the letter: what is declared is carried, what is not raises, and nothing is dropped."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from fnmatch import fnmatchcase

from omnichannel.channel import Call, Channel
from omnichannel.errors import OmnichannelError, Unsupported
from omnichannel.model import Attachment, Choice, Draft, Option, Part, Party, Text
from omnichannel.testing.cases import Case
from omnichannel.testing.checks.declared import PARTS
from omnichannel.testing.drafting import SAMPLES, base, bases, in_words, refusal, saying
from omnichannel.testing.failing import fail, require
from omnichannel.testing.subject import Subject
from omnichannel.testing.wording import carries


def _refused(channel: Channel, draft: Draft, names: tuple[str, ...], what: str, case: str = "") -> None:
    name, calls = refusal(channel, draft)
    wanted = " or ".join(names)
    require(
        name in names, f"{what}: raises {name or 'nothing'} ({len(calls)} calls), not {wanted}", case=case
    )


def check_undeclared_parts_raise(subject: Subject) -> str | None:
    """A part that is not in `can.parts_out` raises Unsupported, alone and beside words.

    If it fails: refuse every part that you do not know; what is left out in silence is lost for ever.
    """
    channel = subject.channel()
    for case, draft in bases(subject):
        for kind in sorted(set(PARTS) - subject.kind.can.parts_out):
            for part in SAMPLES[kind]:
                for parts in ((part,), (Text(text="See:"), part)):
                    _refused(
                        channel, saying(draft, *parts), ("Unsupported",), f"an undeclared {kind}", case.name
                    )
    return None


def check_every_part_arrives(subject: Subject) -> str | None:
    """Everything in a draft is in its calls: each text, file, option, place, address; also several of a kind.

    If it fails: the message names what is missing. Send it, or refuse the draft; never leave it out.
    """
    channel = subject.channel()
    for case, draft in subject.drafts():
        _arrives(channel, draft, case)
        words = (Text(text="kitfirst"), Text(text="kitlast"))
        for part in draft.parts:
            more = _another(part)
            for parts in (
                (part, words[0]),
                (words[0], part, words[1]),
                (part, more),
                (words[0], part, more, words[1]),
            ):
                _arrives(channel, saying(draft, *parts), case)
    return None


def _another(part: Part) -> Part:
    """Another part of the same type, which is not the same."""
    if isinstance(part, Attachment):
        content = None if part.content is None else part.content + b" kit"
        size = None if part.size is None else part.size + 4
        return part.model_copy(
            update={"name": f"2{part.name}", "content": content, "size": size, "sha256": ""}
        )
    return Text(text="kitmore") if isinstance(part, Text) else part


def _arrives(channel: Channel, draft: Draft, case: Case) -> None:
    name, calls = refusal(channel, draft)
    if name:
        return
    for part in draft.parts:
        for mark in marks(part):
            what = f"a {part.type} is lost ({str(mark)[:80]!r}) when there are {[each.type for each in draft.parts]}"
            require(carries(calls, mark), what, case=case.name)


def marks(part: Part) -> Iterator[str | bytes]:
    """What has to be found in the calls if a part arrived."""
    if isinstance(part, Text):
        yield from part.text.split()[:1]
        yield from part.text.split()[-1:]
    elif isinstance(part, Attachment):
        yield part.content if part.content is not None else part.url
    elif isinstance(part, Choice):
        yield from (option.title for option in part.options)
    elif part.type == "location":
        yield from (str(part.latitude), str(part.longitude))
    elif part.type == "contact":
        yield from (part.name, *(address.value.removeprefix("+") for address in part.addresses))
    elif part.type == "card":
        yield from (part.title, part.text, part.image, *(option.title for option in part.options))
    elif part.type == "template":
        yield from (part.name, *part.values, part.header, *part.buttons)
    elif part.type == "reference":
        yield part.url or part.external_id


def check_order_of_parts_is_kept(subject: Subject) -> str | None:
    """Words before a file come before words after it, wherever both are words of their own.

    If it fails: render parts in their order; texts may only be put together where nothing is between them.
    """
    channel = subject.channel()
    for case, draft in bases(subject):
        _, calls = refusal(channel, in_words(draft, "kitfirst"))
        name, calls = refusal(channel, saying(draft, Text(text="kitfirst"), Text(text="kitlast")))
        if not name:
            whole = "".join(call.text for call in calls)
            require(
                whole.find("kitfirst") < whole.find("kitlast"), "the second text comes first", case=case.name
            )
    return None


def check_too_much_is_refused(subject: Subject) -> str | None:
    """More bytes, files or options than `can` declares raise TooLarge; another type of file raises Unsupported.

    If it fails: compare with the very figures that stand in `can`, and say limit and measure in the message.
    """
    if not {"attachment", "choice"} & subject.kind.can.parts_out:
        return "can.parts_out has neither files nor choices"
    channel = subject.channel()
    for public in (True, False):
        for what, check in (("attachment", _too_many_files), ("choice", _too_many_options)):
            found = base(subject, public=public, part=what)
            if found is not None and what in subject.kind.can.parts_out:
                check(channel, found[1], found[0].name)
    return None


def _too_many_files(channel: Channel, draft: Draft, case: str) -> None:
    can = channel.can
    file = next(part for part in draft.parts if isinstance(part, Attachment))
    several = [
        file.model_copy(update={"name": f"{number}{file.name}"}) for number in range(can.max_attachments + 1)
    ]
    _refused(channel, saying(draft, *several), ("TooLarge",), f"{len(several)} attachments", case)
    if can.max_bytes:
        content = bytes(can.max_bytes + 1) if file.content is not None else None
        large = file.model_copy(update={"content": content, "size": can.max_bytes + 1, "sha256": ""})
        _refused(
            channel, saying(draft, large), ("TooLarge",), f"an attachment of {can.max_bytes + 1} bytes", case
        )
    if not any(fnmatchcase("x-kit/unknown", pattern) for pattern in can.media):
        other = file.model_copy(update={"media_type": "x-kit/unknown", "name": "a.kit"})
        _refused(
            channel, saying(draft, other), ("Unsupported",), "an attachment of a type not in can.media", case
        )


def _too_many_options(channel: Channel, draft: Draft, case: str) -> None:
    options = tuple(Option(title=f"Kit {n}", value=f"kit{n}") for n in range(channel.can.max_options + 1))
    text = [part for part in draft.parts if isinstance(part, Text)]
    _refused(
        channel, saying(draft, *text, Choice(options=options)), ("TooLarge",), f"{len(options)} options", case
    )
    name, calls = refusal(channel, saying(draft, *text, Choice(options=options[:-1])))
    require(not name, f"{len(options) - 1} options, which can.max_options allows, raise {name}", case=case)
    for option in options[:-1]:
        require(
            carries(calls, option.title), f"of {len(options) - 1} options {option.title!r} is lost", case=case
        )


def check_what_says_nothing_is_refused(subject: Subject) -> str | None:
    """A draft of blanks alone, or of nothing, raises Unsupported: it can never become no call at all.

    If it fails: refuse a draft in which nothing is left to send.
    """
    channel = subject.channel()
    for case, draft in bases(subject):
        for empty in (in_words(draft, " \n\t "), in_words(draft, ""), saying(draft)):
            _refused(
                channel, empty, ("Unsupported",), f"a draft that says nothing ({empty.parts!r})", case.name
            )
    return None


def check_public_and_private_are_as_declared(subject: Subject) -> str | None:
    """A channel that is not public refuses public drafts, and one that is not private refuses private ones.

    If it fails: raise Unsupported for `draft.public` as `can.public` and `can.private` say.
    """
    channel, can = subject.channel(), subject.kind.can
    for case, draft in bases(subject):
        other = draft.model_copy(update={"public": not draft.public})
        if not (can.public if other.public else can.private):
            word = "public" if other.public else "private"
            _refused(channel, other, ("Unsupported",), f"a {word} draft", case.name)
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
    _refused(
        subject.channel(), draft.model_copy(update={"to": to}), ("Unsupported",), f"to {foreign}", case.name
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
        _refused(channel, _silent(draft, after, automatic=automatic), ("WindowClosed",), what, case.name)
    _refused(channel, _silent(draft, None, automatic=False), ("WindowClosed",), "who never wrote", case.name)
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
            require(
                not carries(calls, draft.reply_to), "answers point, and can.answers denies it", case=case.name
            )
        return None
    require(pointing, "can.answers, and no send case has a reply_to")
    for case, draft in pointing:
        _, calls = refusal(channel, draft)
        require(_named(calls, draft.reply_to), f"its calls do not name {draft.reply_to}", case=case.name)
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
    import asyncio

    with contextlib.suppress(Unsupported):
        asyncio.run(_never(subject.kind.bare()))
        fail("download gives bytes, and can.fetches does not say so")
    return None


CHECKS = (
    check_undeclared_parts_raise,
    check_every_part_arrives,
    check_order_of_parts_is_kept,
    check_too_much_is_refused,
    check_what_says_nothing_is_refused,
    check_public_and_private_are_as_declared,
    check_addresses_of_others_are_refused,
    check_copies_are_sent_or_refused,
    check_windows_are_kept,
    check_answers_point_where_they_are_told,
    check_subjects_are_carried,
    check_signals_are_as_declared,
    check_links_carry_tokens,
    check_downloads_are_as_declared,
)
