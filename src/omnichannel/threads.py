"""Which conversation a message belongs to, and why: pure rules over what the store found.

In this order: the platform's own thread; a one-time token; our mark, or the mail that it answers, if the
sender takes part there; the customer's open conversation; a new one. A subject never decides. Every decision
has a reason for programs and a sentence for people, and a person can correct it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from omnichannel.errors import UsageError

Reason = Literal[
    "platform_thread", "token", "mark", "reference", "customer",  # it goes on
    "stranger", "public", "late", "unproven", "question", "new",  # it is a new one
    "moved", "split", "joined",  # a person said so
]  # fmt: skip
"""Why a message is in its conversation, for programs; `Decision.because` is for people."""

_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How long a conversation can be gone on with, counted from its last message."""

    reopen_within: timedelta = timedelta(days=3)
    """A closed conversation is reopened by another message in its chat; later it is a new question."""
    answer_within: timedelta = timedelta(days=30)
    """A closed conversation is reopened by an answer to one of its mails; later it is a new question."""
    continue_within: timedelta = timedelta(days=7)
    """A customer's open conversation goes on elsewhere; later it is a new question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A conversation that a message may belong to. `last_at` is in microseconds since 1970 (UTC).

    `sender_takes_part`: the sender's address, or another of the same customer, is a participant.
    """

    id: int
    last_at: int
    is_open: bool = True
    sender_takes_part: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """All that a decision rests on, gathered by the caller. `now` is in microseconds since 1970 (UTC).

    `platform_thread`: where this account's thread belongs, only if the platform vouches for the thread (a
    mail's references can be forged: give them as `referenced`). Several people write in one public thread:
    give the conversation in it that the sender takes part in, if there is one. `token`: of a usable one-time
    token. `marked`: of a mark that was made for this very sender. `referenced`: of the message of this
    account that it answers. `open`: the newest open conversation of the sender's customer. `proven`: the
    sender is verified or attested. `threads`: in this kind of message each thread is a question of its own
    (mail, posts); `has_thread_on_account`: `open` already has a thread on this account. `public`: everybody
    can read the message.
    """

    now: int
    proven: bool
    platform_thread: Candidate | None = None
    token: Candidate | None = None
    marked: Candidate | None = None
    referenced: Candidate | None = None
    open: Candidate | None = None
    threads: bool = False
    has_thread_on_account: bool = False
    public: bool = False
    policy: Policy = Policy()


@dataclass(frozen=True, slots=True)
class Decision:
    """The conversation (None: a new one) and the reason. `reopen`: it was closed and is open again.

    `suggested` is another conversation that it may belong to, for a person to decide.
    """

    conversation: int | None
    reason: Reason
    because: str
    reopen: bool = False
    suggested: int | None = None


def decide(context: Context) -> Decision:
    """The conversation that a message belongs to."""
    return (
        _by_platform(context)
        or _by_token(context)
        or _by_answer(context)
        or _of_stranger(context)
        or _by_customer(context)
        or _new(context)
    )


def _by_platform(context: Context) -> Decision | None:
    """The same thread, as long as its conversation is open or was closed a short while ago.

    A token beats a thread that is closed: it says in so many words what the customer wants to go on with.
    """
    found, token = context.platform_thread, context.token
    if found is None or (context.public and not found.sender_takes_part):
        return None
    other = token.id if token and token.id != found.id else None
    if found.is_open:
        return _goes_on(found, "platform_thread", "it was written in the same thread", other)
    if (other and not context.public) or not _within(found, context.policy.reopen_within, context):
        return None
    return _goes_on(found, "platform_thread", "it was written in the same thread", other)


def _by_token(context: Context) -> Decision | None:
    """A one-time token says what is gone on with, but carries nothing private into the public."""
    if context.token is None or context.public:
        return None
    return _goes_on(context.token, "token", "it brought back the one-time token of this conversation")


def _by_answer(context: Context) -> Decision | None:
    """An answer to a mail that was sent to, or a message that was written by, the sender's customer."""
    marked, referenced, limit = context.marked, context.referenced, context.policy.answer_within
    if marked and _within(marked, limit, context):
        return _goes_on(marked, "mark", "it answers a mail that we sent to this very address")
    if referenced and referenced.sender_takes_part and _within(referenced, limit, context):
        return _goes_on(
            referenced, "reference", "it answers a message of a conversation that the sender takes part in"
        )
    return None


def _of_stranger(context: Context) -> Decision | None:
    """A stranger in somebody's thread, with a forwarded mail say, sees and changes nothing of it."""
    for found in (context.referenced, context.platform_thread if context.public else None):
        if found and not found.sender_takes_part:
            return Decision(
                None,
                "stranger",
                "it belongs to a thread, but the sender does not take part in that conversation",
                suggested=found.id,
            )
    return None


def _by_customer(context: Context) -> Decision | None:
    """On a new channel a proven customer goes on with the open question."""
    if context.open is None or _hindrance(context.open, context):
        return None
    return _goes_on(context.open, "customer", "the customer has this open conversation on another channel")


def _hindrance(found: Candidate, context: Context) -> tuple[Reason, str] | None:
    """Why the customer's open conversation is not gone on with."""
    limit = context.policy.continue_within // _MICROSECOND
    if not context.proven:
        return "unproven", "nothing proves that the sender is the customer with the open conversation"
    if context.threads and context.has_thread_on_account:
        return "question", "a new thread on this account is a new question"
    if not found.is_open or context.now - found.last_at > limit:
        return "late", "the customer's last conversation is too long ago"
    return None


def _new(context: Context) -> Decision:
    """A new conversation, and the one that it came nearest to."""
    if context.token and context.public:
        because = "its token stands in public, where it carries no conversation"
        return Decision(None, "public", because, suggested=context.token.id)
    for found in (context.marked, context.referenced, context.platform_thread):
        if found:
            because = "it answers a conversation that was closed too long ago"
            return Decision(None, "late", because, suggested=found.id)
    hindrance = _hindrance(context.open, context) if context.open else None
    if context.open and hindrance:
        return Decision(None, *hindrance, suggested=context.open.id)
    return Decision(None, "new", "nothing connects it with a conversation")


def _goes_on(found: Candidate, reason: Reason, because: str, suggested: int | None = None) -> Decision:
    return Decision(found.id, reason, because, reopen=not found.is_open, suggested=suggested)


def _within(found: Candidate, limit: timedelta, context: Context) -> bool:
    """Whether a conversation is open, or closed but not for long."""
    return found.is_open or context.now - found.last_at <= limit // _MICROSECOND


def correct(
    what: Literal["moved", "split", "joined"],
    *,
    actor: str,
    messages: int,
    of: int,
    source: int,
    target: int | None,
) -> Decision:
    """A person's correction, as the decision that the messages concerned will carry from then on.

    `moved`: `messages` of the `of` messages of `source` go to `target`; `joined`: all of them do; `split`:
    they become a new conversation (no `target`). Raises UsageError if that would change nothing.
    """
    if source == target:
        raise UsageError(f"the messages are in conversation {target} already; name another one")
    if (what == "split") != (target is None):
        raise UsageError("a split makes a new conversation; to move or join, name the one to go to")
    if not 0 < messages <= of or (what == "split" and messages == of) or (what == "joined" and messages < of):
        raise UsageError(
            f"{messages} of {of} messages cannot be {what}; a join takes all, a split leaves some"
        )
    return Decision(target, what, f"{what} by {actor or 'an operator'}")
