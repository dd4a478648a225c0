"""From a draft to a letter: a PDF, and the calls that have it printed and posted. Pure: no clock, the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from omnichannel.channel import Call
from omnichannel.channels.letter import codes, enclosures, pingen
from omnichannel.channels.letter.dates import written
from omnichannel.channels.letter.postal import KIND, MOST_LINES
from omnichannel.channels.letter.settings import Letterhead
from omnichannel.channels.letter.sheet import Content, drawn, plain
from omnichannel.errors import TooLarge, Unsupported
from omnichannel.model import Attachment, Draft, Party, Text
from omnichannel.toolbox import file_name

LONGEST_TEXT = 40_000
"""Characters: about fourteen pages, which is what Pingen posts to the Netherlands at once."""

_LONGEST_SUBJECT = 300
_POSSIBLE = "a letter carries text, and encloses PDFs and pictures"


def calls(draft: Draft, head: Letterhead, options: pingen.Options | None) -> Sequence[Call]:
    """One letter: into the outgoing folder, or to Pingen where that is set up.

    Raises Unsupported and TooLarge with what is possible instead.
    """
    _refuse_what_cannot_be(draft)
    files = [part for part in draft.parts if isinstance(part, Attachment)]
    for part in files:
        enclosures.check(part)
    reference = codes.reference_of(draft.id)
    pdf = enclosures.enclosed(drawn(_content(draft, head, reference, files), head), files)
    if options is not None:
        return pingen.calls(options, pdf, reference=reference, window=head.window, text=draft.text)
    name = f"{draft.created_at:%Y-%m-%d}-{reference}.pdf"
    headers = (("content-type", "application/pdf"),)
    return (
        Call(
            method="FILE",
            url=f"file:///{name}",
            headers=headers,
            body=pdf,
            correlator=reference,
            once=True,  # paper
            text=draft.text,
        ),
    )


def _refuse_what_cannot_be(draft: Draft) -> None:
    if draft.public:
        raise Unsupported("a letter is private; send it with public=False")
    if draft.cc:
        raise Unsupported("a letter goes to one address; send each their own")
    for part in draft.parts:
        if not isinstance(part, Text | Attachment):
            raise Unsupported(f"a letter cannot carry a {part.type}; write it as text. {_POSSIBLE}")
    if not any(isinstance(part, Attachment) for part in draft.parts) and not draft.text.strip():
        raise Unsupported(f"the letter would be empty; {_POSSIBLE}")
    if len(draft.text) > LONGEST_TEXT:
        raise TooLarge(
            f"{len(draft.text)} characters; a letter holds {LONGEST_TEXT}. Enclose the rest as a PDF"
        )
    if len(draft.subject) > _LONGEST_SUBJECT:
        raise TooLarge(
            f"the subject has {len(draft.subject)} characters; a letter's has at most {_LONGEST_SUBJECT}"
        )
    if sum(isinstance(part, Attachment) for part in draft.parts) > enclosures.MOST_ENCLOSURES:
        raise TooLarge(
            f"at most {enclosures.MOST_ENCLOSURES} files go into one envelope; send the rest apart"
        )


def _content(draft: Draft, head: Letterhead, reference: str, files: Sequence[Attachment]) -> Content:
    local = draft.created_at.astimezone(ZoneInfo(head.zone))
    return Content(
        to=recipient(draft.to),
        day=written(local.date(), head.language),
        subject=plain(" ".join(draft.subject.split())),
        text=plain(draft.text),
        ours=reference,
        yours=plain(" ".join(draft.thread.split()))[:80],
        token=codes.printed(draft.token) if draft.token else "",
        enclosures=tuple(plain(file_name(part.name)) or part.media_type for part in files),
    )


def recipient(to: Party) -> tuple[str, ...]:
    """The lines in the window: as the person wrote them, else the parts of the address.

    Raises Unsupported for whom no postal address is known of, TooLarge for more lines than a window shows.
    """
    if to.address.kind != KIND:
        raise Unsupported(
            f"{to.address} is no postal address; answer with an account of kind {to.address.kind}"
        )
    rows = to.written.splitlines() if to.written.strip() else to.address.value.split(",")
    found = tuple(plain(" ".join(row.split())) for row in rows if row.strip())
    if len(found) < 2:
        raise Unsupported(
            "no postal address was found in this person's letter, so there is none to write to; look at the scan, "
            "and answer where they can be reached (or write to Address(kind='letter', value='Name, Street 1, …'))"
        )
    if len(found) > MOST_LINES:
        raise TooLarge(f"the address has {len(found)} lines; a window shows {MOST_LINES}")
    return found
