"""What a channel can carry, as data: read by the core, the documentation and whoever wants to look first."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from omnichannel.model.base import Value

Measure = Literal["chars", "utf16", "bytes", "gsm7", "x_weighted"]
"""How a channel counts text: code points, UTF-16 units, UTF-8 bytes, GSM-7 septets, X's weights."""


class TextLimit(Value):
    """How much text fits into one piece, counted in `measure`; `splits` if more may go as several pieces.

    `any_letter` is false where only those letters can be written that there is type for: others raise Unsupported.
    """

    size: int = Field(gt=0)
    measure: Measure = "chars"
    splits: bool = False
    any_letter: bool = True


class Window(Value):
    """How long after a person's last message we may answer.

    `hours` for anybody; `person_hours` (0: no more) for words a person wrote, where the platform allows it
    and the account is configured for it.
    """

    hours: float
    person_hours: float = 0


class Capabilities(Value):
    """What a channel carries both ways. What is not declared is refused, never dropped.

    `public_parts_out` are those of `parts_out` that can be sent in public, where not all can (None: all).
    `media` are the media types that can be sent (`image/*` for all images), each with `max_bytes`.
    `profiles`: the platform can be asked what somebody calls themselves. `threads`: every thread is a question
    of its own (mail, posts), unlike a chat that goes on for ever. `subject`: messages can have one. `letters`: they
    are letters, as mail and paper are: anybody may be named as the sender, and other people are named in them.
    `answers`: an answer can point at the message that it answers.
    `typing`: typing is seen; `signals` are the passing signs that we can give (`typing`, `seen`).
    `hears`: people can write to this account in private, and not only we to them.
    `continues`: a link of this account can carry a token (`start_link`). `history`: what was said before can be
    fetched (`histories`). `fetches`: files lie at the platform and are fetched from there (`download`). `reaches`:
    kinds of address beside the channel's own that it can write to first (`phone`, where a number is enough).
    `finds`: the platform can be asked what became of a call in doubt (`find`). `settles`: for how many seconds such a
    call may still be settled by an echo, a status or an answer to that; 0 where nothing of the kind ever comes.
    """

    text: TextLimit
    private_text: TextLimit | None = None
    public: bool = False
    private: bool = True
    hears: bool = True
    parts_in: frozenset[str] = frozenset({"text"})
    parts_out: frozenset[str] = frozenset({"text"})
    public_parts_out: frozenset[str] | None = None
    media: tuple[str, ...] = ()
    max_bytes: int = 0
    max_attachments: int = 0
    max_options: int = 0
    window: Window | None = None
    threads: bool = False
    subject: bool = False
    letters: bool = False
    echoes: bool = False
    statuses: frozenset[str] = frozenset()
    edits: bool = False
    deletes: bool = False
    reactions: bool = False
    typing: bool = False
    signals: frozenset[str] = frozenset()
    answers: bool = False
    continues: bool = False
    history: bool = False
    fetches: bool = False
    reaches: frozenset[str] = frozenset()
    signs_body: bool = False
    profiles: bool = False
    finds: bool = False
    settles: float = Field(default=300.0, ge=0)

    def parts_for(self, *, public: bool) -> frozenset[str]:
        """The parts that can be sent in public, or in private."""
        return self.parts_out if not public or self.public_parts_out is None else self.public_parts_out
