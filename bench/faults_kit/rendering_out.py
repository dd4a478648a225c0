"""Mistakes about what a draft becomes."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from typing import Any

from bench.faults_kit import fault, of, rendering
from omnichannel import toolbox
from omnichannel.channel import Call, Channel
from omnichannel.errors import TooLarge, Unsupported, UsageError, WindowClosed
from omnichannel.model import Attachment, Choice, Text
from omnichannel.testing.subject import Subject


def _drafting(subject: Subject, change: Callable[[Any], Any]) -> Subject:
    """The subject with a channel that renders another draft than it was given."""
    real = subject.kind

    def render(self: Channel, draft: Any) -> Any:
        return list(real.render(self, change(draft)))

    return of(subject, render=render)


def _instead(subject: Subject, errors: Any, change: Callable[[Any], Any]) -> Subject:
    """The subject with a channel that, where it should refuse, renders another draft."""
    real = subject.kind

    def render(self: Channel, draft: Any) -> Any:
        try:
            return list(real.render(self, draft))
        except errors:
            return list(real.render(self, change(draft)))

    return of(subject, render=render)


def _sends(kind: str) -> Callable[[Subject], bool]:
    return lambda subject: kind in subject.kind.can.parts_out


def _splits(subject: Subject) -> bool:
    return subject.kind.can.text.splits


def _with(draft: Any, *parts: Any) -> Any:
    return draft.model_copy(update={"parts": parts})


@contextmanager
def _cutting(subject: Subject, cut: Callable[..., Any]) -> Iterator[None]:
    """Another function in place of `toolbox.split`, in every module of the channel and its platform."""
    package = subject.kind.__mro__[0].__module__.rpartition(".")[0] or subject.kind.__module__
    names = [
        name
        for name in sys.modules
        if name.startswith((package, subject.kind.__module__, "omnichannel.platforms"))
    ]
    changed = [sys.modules[name] for name in names if vars(sys.modules[name]).get("split") is toolbox.split]
    for module in changed:
        module.split = cut  # type: ignore[attr-defined]
    try:
        yield
    finally:
        for module in changed:
            module.split = toolbox.split  # type: ignore[attr-defined]


def _unchanged(subject: Subject) -> Subject:
    return subject


@fault("text", _splits)
def cuts_what_is_too_long(subject: Subject) -> Subject:
    """A text that is too long is cut, and the rest is lost."""
    limit = subject.kind.can.text.size
    return _drafting(
        subject,
        lambda draft: _with(
            draft,
            *(
                part.model_copy(update={"text": part.text[:limit]}) if isinstance(part, Text) else part
                for part in draft.parts
            ),
        ),
    )


@fault("text", _splits)
def sends_the_first_piece_only(subject: Subject) -> Subject:
    """Of several pieces only the first is sent."""
    return rendering(subject, lambda calls, draft: calls[:1])


@fault("text", _splits, lambda s: _cutting(s, lambda text, limit, size: toolbox.split(text, limit * 2, size)))
def allows_twice_as_much(subject: Subject) -> Subject:
    """Pieces are cut at another limit than the platform's."""
    return _unchanged(subject)


@fault(
    "text",
    _splits,
    lambda s: _cutting(s, lambda text, limit, _: toolbox.split(text, limit, lambda t: len(t.split()))),
)
def counts_words(subject: Subject) -> Subject:
    """Pieces are cut in another measure than the platform's."""
    return _unchanged(subject)


@fault(
    "text",
    _splits,
    lambda s: _cutting(s, lambda text, limit, _: [text[i : i + limit] for i in range(0, len(text), limit)]),
)
def cuts_within_characters(subject: Subject) -> Subject:
    """Pieces are cut anywhere, in code points."""
    return _unchanged(subject)


@fault(
    "text",
    _splits,
    lambda s: _cutting(s, lambda text, limit, size: toolbox.split(text, limit - 1, size)[:-1] or (text,)),
)
def loses_the_last_piece(subject: Subject) -> Subject:
    """An off-by-one loses the end of a long text."""
    return _unchanged(subject)


@fault("text")
def counts_bytes(subject: Subject) -> Subject:
    """`size` counts bytes, whatever the limit counts."""
    return of(
        subject, size=classmethod(lambda cls, text, *, public=True: len(text.encode("utf-8", "replace")) + 1)
    )


@fault("text")
def tells_other_pieces(subject: Subject) -> Subject:
    """`pieces` tells an editor something else than `render` sends."""
    return of(subject, pieces=classmethod(lambda cls, text, *, public=True: tuple(text.split("."))))


@fault("text")
def upper_cases(subject: Subject) -> Subject:
    """What is sent is not what was written."""
    return _drafting(
        subject,
        lambda draft: _with(
            draft,
            *(
                part.model_copy(update={"text": part.text.upper()}) if isinstance(part, Text) else part
                for part in draft.parts
            ),
        ),
    )


@fault("text", lambda subject: not _splits(subject))
def raises_value_error_for_too_much(subject: Subject) -> Subject:
    """A text that is too long raises an error of Python's."""
    real = subject.kind

    def render(self: Channel, draft: Any) -> Any:
        try:
            return real.render(self, draft)
        except TooLarge as error:
            raise ValueError(str(error)) from None

    return of(subject, render=render)


@fault("order", _splits)
def sends_the_last_piece_first(subject: Subject) -> Subject:
    """Pieces go out in the wrong order."""
    return rendering(
        subject, lambda calls, draft: calls if any(call.chain for call in calls) else list(reversed(calls))
    )


@fault("loss", _sends("attachment"))
def drops_files_beside_words(subject: Subject) -> Subject:
    """A file beside words is left out."""

    def change(draft: Any) -> Any:
        words = tuple(part for part in draft.parts if not isinstance(part, Attachment))
        return _with(draft, *(words or draft.parts))

    return _drafting(subject, change)


@fault("loss", _sends("attachment"))
def sends_one_file_only(subject: Subject) -> Subject:
    """Of several files only the first is sent."""

    def change(draft: Any) -> Any:
        files = [part for part in draft.parts if isinstance(part, Attachment)]
        return _with(draft, *(part for part in draft.parts if part not in files[1:]))

    return _drafting(subject, change)


@fault("loss", _sends("attachment"))
def drops_words_beside_files(subject: Subject) -> Subject:
    """Words beside a file are left out."""

    def change(draft: Any) -> Any:
        files = tuple(part for part in draft.parts if isinstance(part, Attachment))
        return _with(draft, *(files or draft.parts))

    return _drafting(subject, change)


@fault("loss", _sends("choice"))
def cuts_options(subject: Subject) -> Subject:
    """Only the first option is offered."""

    def change(draft: Any) -> Any:
        cut = (
            part.model_copy(update={"options": part.options[:1]}) if isinstance(part, Choice) else part
            for part in draft.parts
        )
        return _with(draft, *cut)

    return _drafting(subject, change)


@fault("refusal")
def leaves_out_what_it_does_not_know(subject: Subject) -> Subject:
    """A part that cannot be sent is dropped, the rest is sent."""
    known = subject.kind.can.parts_out
    return _instead(
        subject,
        Unsupported,
        lambda draft: _with(draft, *(part for part in draft.parts if part.type in known)),
    )


@fault("refusal")
def sends_nothing_for_nothing(subject: Subject) -> Subject:
    """A draft that says nothing becomes no calls, and nobody hears of it."""
    real = subject.kind

    def render(self: Channel, draft: Any) -> Any:
        try:
            return real.render(self, draft)
        except UsageError:
            if not draft.text.strip() and not any(part.type != "text" for part in draft.parts):
                return ()
            raise

    return of(subject, render=render)


@fault("refusal", _sends("attachment"))
def takes_as_many_files_as_fit(subject: Subject) -> Subject:
    """Files beyond the limit are left out."""
    most = subject.kind.can.max_attachments

    def change(draft: Any) -> Any:
        files = [part for part in draft.parts if isinstance(part, Attachment)]
        return _with(draft, *(part for part in draft.parts if not any(part is file for file in files[most:])))

    return _instead(subject, TooLarge, change)


@fault("refusal", _sends("attachment"))
def does_not_measure_files(subject: Subject) -> Subject:
    """A file that is too large is sent all the same."""
    small = Attachment(name="a", content=b"x", size=1)

    def change(draft: Any) -> Any:
        return _with(
            draft,
            *(
                part.model_copy(update={"content": small.content and part.content and b"x", "size": 1})
                if isinstance(part, Attachment)
                else part
                for part in draft.parts
            ),
        )

    return _instead(subject, TooLarge, change)


@fault("refusal", lambda subject: not subject.kind.can.public)
def sends_public_drafts_privately(subject: Subject) -> Subject:
    """Whether it is public is not looked at."""
    return _drafting(subject, lambda draft: draft.model_copy(update={"public": False}))


@fault("refusal")
def forgets_copies(subject: Subject) -> Subject:
    """Who should get a copy gets none."""
    return _drafting(subject, lambda draft: draft.model_copy(update={"cc": ()}))


@fault("refusal")
def writes_to_anybody(subject: Subject) -> Subject:
    """An address of another channel is taken for one of this."""
    kind = next(draft.to.address.kind for _, draft in subject.drafts())

    def change(draft: Any) -> Any:
        address = draft.to.address.model_copy(update={"kind": kind})
        return draft.model_copy(update={"to": draft.to.model_copy(update={"address": address})})

    return _drafting(subject, change)


@fault("window", lambda subject: subject.kind.can.window is not None)
def forgets_the_window(subject: Subject) -> Subject:
    """How long ago somebody wrote is not looked at."""
    return _instead(
        subject, WindowClosed, lambda draft: draft.model_copy(update={"heard_at": draft.created_at})
    )


@fault("window", lambda subject: subject.kind.can.window is not None)
def closes_the_window_early(subject: Subject) -> Subject:
    """Hours are counted wrongly."""

    def change(draft: Any) -> Any:
        heard = draft.heard_at
        return draft.model_copy(update={"heard_at": heard and heard - timedelta(hours=20)})

    return _drafting(subject, change)


@fault("window", lambda subject: bool(subject.kind.can.window and subject.kind.can.window.person_hours))
def lets_programs_answer_late(subject: Subject) -> Subject:
    """The longer window of people is given to programs (and to everybody)."""
    window = subject.kind.can.window
    assert window is not None

    def change(draft: Any) -> Any:
        late = draft.heard_at and draft.created_at - draft.heard_at < timedelta(hours=window.person_hours)
        return draft.model_copy(update={"heard_at": draft.created_at}) if late else draft

    return _instead(subject, WindowClosed, change)


@fault("window", lambda subject: subject.kind.can.window is None)
def has_a_window_of_its_own(subject: Subject) -> Subject:
    """A window that `can` does not tell of."""
    real = subject.kind

    def render(self: Channel, draft: Any) -> Any:
        if draft.heard_at is None:
            raise WindowClosed("they never wrote")
        return real.render(self, draft)

    return of(subject, render=render)


@fault("answers", lambda subject: subject.kind.can.answers)
def answers_nothing_in_particular(subject: Subject) -> Subject:
    """Which message is answered is left out."""
    return _drafting(subject, lambda draft: draft.model_copy(update={"reply_to": "", "references": ()}))


@fault("answers", lambda subject: subject.kind.can.subject)
def leaves_the_subject_out(subject: Subject) -> Subject:
    """A message has no subject."""
    return _drafting(subject, lambda draft: draft.model_copy(update={"subject": ""}))


@fault("purity")
def makes_up_a_number(subject: Subject) -> Subject:
    """Each call has a random number, so that a repeated render is another call."""
    return rendering(
        subject,
        lambda calls, _: [call.model_copy(update={"correlator": str(random.random())}) for call in calls],
    )


@fault("state")
def counts_what_it_renders(subject: Subject) -> Subject:
    """A counter goes on from draft to draft."""
    numbers = count()
    return rendering(
        subject,
        lambda calls, _: [call.model_copy(update={"correlator": str(next(numbers))}) for call in calls],
    )


@fault("ids", lambda subject: any(len(case.calls) > 1 for case in subject.sent))
def correlates_all_pieces_alike(subject: Subject) -> Subject:
    """All pieces of a draft have one correlator."""
    return rendering(
        subject, lambda calls, draft: [call.model_copy(update={"correlator": draft.id}) for call in calls]
    )


@fault("chain", lambda subject: any(call.chain for case in subject.sent for call in case.calls))
def chains_to_nowhere(subject: Subject) -> Subject:
    """The pointer at the id of the piece before leads nowhere."""

    def change(calls: list[Call], _: Any) -> list[Call]:
        return [call.model_copy(update={"chain": "/nowhere/at/0" if call.chain else ""}) for call in calls]

    return rendering(subject, change)


@fault("link", lambda subject: subject.kind.can.continues)
def loses_the_end_of_a_token(subject: Subject) -> Subject:
    """The link holds less than the whole token."""
    real = subject.kind
    return of(subject, start_link=lambda self, token: real.start_link(self, token[:20]))


@fault("link", lambda subject: subject.kind.can.continues)
def cannot_link_after_all(subject: Subject) -> Subject:
    """A link is promised, and refused."""

    def start_link(self: Channel, token: str) -> str:
        raise Unsupported("not yet")

    return of(subject, start_link=start_link)


@fault("link")
def gives_any_sign(subject: Subject) -> Subject:
    """Every sign is taken for `typing`."""
    return of(subject, signal=lambda self, to, sign, heard="": Call(url="https://platform.example/typing"))


@fault("bare")
def cannot_render_without_an_account(subject: Subject) -> Subject:
    """An instance without account raises when it should render."""
    real = subject.kind

    def bare(cls: type[Channel], name: str = "file") -> Channel:
        channel = real.bare(name)

        def render(self: Channel, draft: Any) -> Any:
            raise Unsupported("configure it first")

        channel.__class__ = type("Bare", (real,), {"render": render})
        return channel

    return of(subject, bare=classmethod(bare))
