"""Whether what is to be said is said: each part arrives or raises, nothing is dropped, too much is refused."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from omnichannel.channel import Channel
from omnichannel.model import Attachment, Choice, Draft, Option, Part, Text
from omnichannel.testing.cases import Case
from omnichannel.testing.checks.declared import PARTS
from omnichannel.testing.drafting import SAMPLES, base, bases, in_words, must_refuse, refusal, saying
from omnichannel.testing.failing import require
from omnichannel.testing.subject import Subject
from omnichannel.testing.wording import carries


def check_undeclared_parts_raise(subject: Subject) -> str | None:
    """A part that is not in `can.parts_out` raises Unsupported, alone and beside words; in public `public_parts_out`.

    If it fails: refuse every part that you do not know; what is left out in silence is lost for ever.
    """
    channel = subject.channel()
    for case, draft in bases(subject):
        for kind in sorted(set(PARTS) - subject.kind.can.parts_for(public=draft.public)):
            for part in SAMPLES[kind]:
                for parts in ((part,), (Text(text="See:"), part)):
                    must_refuse(
                        channel, saying(draft, *parts), "Unsupported", f"an undeclared {kind}", case.name
                    )
    return None


def check_parts_that_are_private_alone_are_declared(subject: Subject) -> str | None:
    """Each part in `can.parts_out` can be sent in public too, as a case sends it in private; else there are fewer.

    If it fails: name in `can.public_parts_out` what can be sent in public. Anything else becomes words there, and is
    not refused when somebody answers in public.
    """
    can, found = subject.kind.can, base(subject, public=True)
    if found is None or not can.private:
        return "can.public or can.private says that it has one way alone"
    for kind in sorted(can.parts_for(public=True) - {"text"}):
        parts = [part for _, draft in subject.drafts() for part in draft.parts if part.type == kind]
        drafts = [saying(found[1], Text(text="See:"), part) for part in parts]
        tried = [refusal(subject.channel(), draft)[0] for draft in drafts]
        require(
            not tried or not all(name == "Unsupported" for name in tried),
            f"in public a {kind} raises Unsupported, and can.public_parts_out does not say so",
            case=found[0].name,
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
    for case, draft in subject.drafts():
        between = tuple(part for part in draft.parts if isinstance(part, Attachment))
        name, calls = refusal(channel, saying(draft, Text(text="kitfirst"), *between, Text(text="kitlast")))
        if not name:
            whole = "".join(call.text for call in calls)
            in_order = whole.find("kitfirst") < whole.find("kitlast")
            require(in_order, "the second text comes first", case=case.name)
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
    several = _several(file, can.max_attachments + 1)
    must_refuse(channel, saying(draft, *several), "TooLarge", f"{len(several)} attachments", case)
    if can.max_bytes:
        what = f"an attachment of {can.max_bytes + 1} bytes"
        must_refuse(channel, saying(draft, _large(file, can.max_bytes + 1)), "TooLarge", what, case)
    if not any(fnmatchcase("x-kit/unknown", pattern) for pattern in can.media):
        other = file.model_copy(update={"media_type": "x-kit/unknown", "name": "a.kit"})
        must_refuse(
            channel, saying(draft, other), "Unsupported", "an attachment of a type not in can.media", case
        )


def _several(file: Attachment, many: int) -> list[Attachment]:
    return [file.model_copy(update={"name": f"{number}{file.name}"}) for number in range(many)]


def _large(file: Attachment, size: int) -> Attachment:
    content = file.content[:size].ljust(size, b"\0") if file.content is not None else None
    return file.model_copy(update={"content": content, "size": size, "sha256": ""})


def check_as_much_as_declared_is_sent(subject: Subject) -> str | None:
    """Some file may be as large, and some as many, as `can` declares.

    If it fails: `can.max_bytes` and `can.max_attachments` are what the most generous type of file allows, no more.
    """
    if "attachment" not in subject.kind.can.parts_out:
        return "can.parts_out has no files"
    channel, can = subject.channel(), subject.kind.can
    pairs = list(_files(subject))
    # Of a file that lies elsewhere the size is not always told: what it may have shows with bytes, if at all.
    pairs = [(draft, file) for draft, file in pairs if file.content is not None] or pairs
    large = (refusal(channel, saying(draft, _large(file, can.max_bytes)))[0] for draft, file in pairs)
    require(not can.max_bytes or "" in large, f"no file may have can.max_bytes, {can.max_bytes} bytes")
    many = (refusal(channel, saying(draft, *_several(file, can.max_attachments)))[0] for draft, file in pairs)
    require("" in many, f"no file may be sent can.max_attachments, {can.max_attachments} times")
    return None


def check_every_declared_type_of_file_is_sent(subject: Subject) -> str | None:
    """For each pattern of `can.media` a file of such a type can be sent, of any type where it says `*/*`.

    If it fails: name in `can.media` what the platform takes, and no more.
    """
    if "attachment" not in subject.kind.can.parts_out:
        return "can.parts_out has no files"
    channel = subject.channel()
    files = [
        (draft, part) for _, draft in subject.drafts() for part in draft.parts if isinstance(part, Attachment)
    ]
    for pattern in subject.kind.can.media:
        media_type = "x-kit/unknown" if pattern == "*/*" else _TYPES.get(pattern, pattern)
        tried = (refusal(channel, saying(draft, _typed(file, media_type)))[0] for draft, file in files)
        require("" in tried, f"can.media has {pattern}, and no recorded file can be sent as {media_type}")
    return None


_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
    b"3 0 obj<</Type/Page/MediaBox[0 0 3 3]/Parent 2 0 R/Resources<<>>>>endobj\nxref\n0 4\n0000000000 65535 f \n"
    b"0000000009 00000 n \n0000000052 00000 n \n0000000101 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n"
    b"174\n%%EOF"
)
"""An empty page, for channels that look into files."""


def _typed(file: Attachment, media_type: str) -> Attachment:
    """The file as one of another type; where types are looked into, as a real one."""
    content = _PDF if file.content is not None and media_type == "application/pdf" else file.content
    size = file.size if content is None else len(content)
    return file.model_copy(update={"media_type": media_type, "content": content, "size": size, "sha256": ""})


def _files(subject: Subject) -> Iterator[tuple[Draft, Attachment]]:
    """Every recorded file, as it is and as a file of every other type that may be sent."""
    for _, draft in subject.drafts():
        for part in draft.parts:
            if isinstance(part, Attachment):
                yield draft, part
                for pattern in subject.kind.can.media:
                    yield draft, part.model_copy(update={"media_type": _TYPES.get(pattern, pattern)})


_TYPES = {
    "image/*": "image/png",
    "audio/*": "audio/mpeg",
    "video/*": "video/mp4",
    "text/*": "text/plain",
} | dict.fromkeys(("application/*", "*/*"), "application/pdf")


def _too_many_options(channel: Channel, draft: Draft, case: str) -> None:
    options = tuple(Option(title=f"Kit {n}", value=f"kit{n}") for n in range(channel.can.max_options + 1))
    text = [part for part in draft.parts if isinstance(part, Text)]
    must_refuse(
        channel, saying(draft, *text, Choice(options=options)), "TooLarge", f"{len(options)} options", case
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
            must_refuse(
                channel, empty, "Unsupported", f"a draft that says nothing ({empty.parts!r})", case.name
            )
    return None


CHECKS = (
    check_undeclared_parts_raise,
    check_parts_that_are_private_alone_are_declared,
    check_every_part_arrives,
    check_order_of_parts_is_kept,
    check_too_much_is_refused,
    check_as_much_as_declared_is_sent,
    check_every_declared_type_of_file_is_sent,
    check_what_says_nothing_is_refused,
)
