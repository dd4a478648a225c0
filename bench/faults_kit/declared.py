"""Mistakes in what a channel says of itself."""

from __future__ import annotations

from collections.abc import Callable

from bench.faults_kit import FAULTS, Fault, always, fault, says, webhook
from omnichannel.model import TextLimit, Window
from omnichannel.testing.checks.declared import PARTS
from omnichannel.testing.subject import Subject


@fault("can", lambda subject: bool(set(PARTS) - subject.kind.can.parts_out))
def claims_a_part(subject: Subject) -> Subject:
    """A part is declared that cannot be sent."""
    can = subject.kind.can
    return says(subject, parts_out=can.parts_out | {min(set(PARTS) - can.parts_out)})


@fault("can", lambda subject: bool(set(PARTS) - subject.kind.can.parts_in))
def claims_to_read_a_part(subject: Subject) -> Subject:
    """A part is declared that never comes."""
    can = subject.kind.can
    return says(subject, parts_in=can.parts_in | {min(set(PARTS) - can.parts_in)})


@fault("can")
def hides_a_part(subject: Subject) -> Subject:
    """A part that comes is not declared."""
    can = subject.kind.can
    return says(subject, parts_in=can.parts_in - {"text"})


@fault("can")
def hides_what_it_sends(subject: Subject) -> Subject:
    """A part that can be sent is not declared."""
    can = subject.kind.can
    return says(subject, parts_out=can.parts_out - {max(can.parts_out - {"text"} or {"text"})})


@fault("can", lambda subject: bool(subject.kind.can.max_bytes))
def claims_larger_files(subject: Subject) -> Subject:
    """Files may be larger than they may be."""
    return says(subject, max_bytes=subject.kind.can.max_bytes * 2)


@fault("can", lambda subject: bool(subject.kind.can.max_attachments))
def claims_more_files(subject: Subject) -> Subject:
    """More files than can be sent."""
    return says(subject, max_attachments=subject.kind.can.max_attachments - 1 or 2)


@fault("can", lambda subject: bool(subject.kind.can.max_options))
def claims_more_options(subject: Subject) -> Subject:
    """More options than can be shown."""
    return says(subject, max_options=subject.kind.can.max_options + 5)


@fault("can", lambda subject: "*/*" not in subject.kind.can.media and bool(subject.kind.can.media))
def claims_any_file(subject: Subject) -> Subject:
    """Files of types that are refused are declared."""
    return says(subject, media=("*/*",))


@fault("can")
def claims_a_longer_text(subject: Subject) -> Subject:
    """Texts may be longer than they may be."""
    text = subject.kind.can.text
    return says(subject, text=text.model_copy(update={"size": text.size // 2}))


@fault("can")
def claims_another_measure(subject: Subject) -> Subject:
    """Texts are counted otherwise than the platform counts."""
    text = subject.kind.can.text
    return says(
        subject,
        text=TextLimit(
            size=text.size, splits=text.splits, measure="gsm7" if text.measure == "bytes" else "bytes"
        ),
    )


@fault("can")
def claims_or_hides_splitting(subject: Subject) -> Subject:
    """Whether long texts are split is told wrongly."""
    text = subject.kind.can.text
    return says(subject, text=text.model_copy(update={"splits": not text.splits}))


_TOLD_WRONGLY = {
    "the_signature": "signs_body", "edits": "edits", "typing": "typing", "echoes": "echoes", "links": "continues",
    "files": "fetches", "history": "history", "answers": "answers", "public": "public", "hearing": "hears",
}  # fmt: skip
"""What is either so or not, and where that is said."""


def _told_wrongly(member: str) -> Callable[[Subject], Subject]:
    """The channel says the opposite of what is so."""
    return lambda subject: says(subject, **{member: not getattr(subject.kind.can, member)})


FAULTS.extend(
    Fault(
        f"is_wrong_about_{what}", "can", _told_wrongly(member), webhook if member == "signs_body" else always
    )
    for what, member in _TOLD_WRONGLY.items()
)


@fault("can")
def is_wrong_about_statuses(subject: Subject) -> Subject:
    """A status is declared that never comes, or not declared."""
    return says(subject, statuses=subject.kind.can.statuses ^ {"failed"})


@fault("can")
def is_wrong_about_signs(subject: Subject) -> Subject:
    """Which passing signs can be given is told wrongly."""
    return says(subject, signals=subject.kind.can.signals ^ {"typing"})


@fault("can", lambda subject: subject.kind.can.public_parts_out is not None)
def forgets_what_is_private_alone(subject: Subject) -> Subject:
    """Whatever goes out in private is said to go out in public as well."""
    return says(subject, public_parts_out=None)


@fault("can")
def is_wrong_about_subjects(subject: Subject) -> Subject:
    """Subjects are declared and left out, or come and go undeclared."""
    return says(subject, subject=not subject.kind.can.subject)


@fault("can", lambda subject: subject.kind.kind == "messenger")
def claims_threads(subject: Subject) -> Subject:
    """Every thread is said to be a question of its own, where it is only whom we talk with."""
    return says(subject, threads=True)


@fault("can")
def is_wrong_about_its_window(subject: Subject) -> Subject:
    """A window is declared that is not there, or another than there is."""
    window = subject.kind.can.window
    return says(subject, window=Window(hours=window.hours * 2 if window else 24))
