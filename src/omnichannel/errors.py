"""Every error omnichannel raises, in one tree; the first branch says whose fault it is.

OmnichannelError
├── WireError            the peer's: what arrived, or came back, cannot be used
│   ├── Forged           nothing proves that it comes from the platform (HTTP 401; nothing is stored)
│   ├── Malformed        it cannot be read (HTTP 400 when unsigned; parked when signed)
│   ├── FetchError       a file that lies at a platform cannot be had
│   └── Busy             a platform wants to be asked again later
├── UsageError           the caller's: what was asked cannot be done, and the message says what can
│   ├── ConfigError      a setting is missing or wrong
│   ├── Unsupported      the channel cannot carry this
│   ├── TooLarge         the channel cannot carry this much
│   ├── WindowClosed     the platform no longer lets us answer this person
│   ├── Forbidden        whoever acts has no role that lets them
│   ├── NotFound         no such thing in this workspace
│   ├── Conflict         it was decided otherwise before
│   │   └── KeyConflict  an idempotency key stands for something else
│   ├── Unfilled         a field of a standard answer has no value, or a wrong one
│   └── Missed           what a follower had still to see is not kept any more
└── StoreError           the store's
    ├── UnsafeStore      it would lose what it accepted
    ├── SchemaError      it was made by another version
    ├── StoreUnreachable its server is away, and nothing was done
    └── CommitInDoubt    its server went away, and nobody knows whether it was done
"""

from __future__ import annotations


class OmnichannelError(Exception):
    """Base of every error that this library raises."""


class WireError(OmnichannelError):
    """Something a peer sent cannot be used."""


class Forged(WireError):  # noqa: N818 - the word the wire uses
    """A delivery does not prove that it comes from the platform; nothing of it is kept."""


class Malformed(WireError):  # noqa: N818
    """A delivery, or one item of it, cannot be read. What was signed is parked, never dropped."""


class FetchError(WireError):
    """A file that lies at a platform cannot be had: expired, too large, elsewhere, not reachable."""


class Busy(WireError):  # noqa: N818
    """A platform wants to be asked again later: in `after` seconds."""

    def __init__(self, after: float, detail: str = "") -> None:
        super().__init__(f"ask again in {after:.0f} s{f': {detail}' if detail else ''}")
        self.after = after


class UsageError(OmnichannelError):
    """The caller asked for something that cannot be done; the message says what can."""


class ConfigError(UsageError):
    """A setting is missing or wrong. `setting` names it, the message says how to mend it."""

    def __init__(self, setting: str, problem: str, cure: str) -> None:
        super().__init__(f"{setting}: {problem}. {cure}")
        self.setting = setting
        self.problem = problem
        self.cure = cure


class Unsupported(UsageError):  # noqa: N818
    """The channel cannot carry this at all; the message says what it carries instead."""


class TooLarge(UsageError):  # noqa: N818
    """The channel cannot carry this much and may not split it; the message gives limit and measure."""


class WindowClosed(UsageError):  # noqa: N818
    """The platform does not let us write to this person now; the message says when or where we may."""


class Forbidden(UsageError):  # noqa: N818
    """Whoever acts may not do this; the message says which permission it needs, and why they do not have it."""


class NotFound(UsageError):  # noqa: N818
    """There is no such thing in this workspace (or it is another workspace's: both look the same)."""


class Conflict(UsageError):  # noqa: N818
    """It was decided otherwise before, and that decision stands until it is revoked."""


class KeyConflict(Conflict):
    """An idempotency key came with something else before. Give every order a key of its own."""


class Unfilled(UsageError):  # noqa: N818
    """A standard answer cannot be said: `fields` have no value, or one of the wrong type. Nothing was sent."""

    def __init__(self, fields: tuple[str, ...], problem: str) -> None:
        super().__init__(problem)
        self.fields = fields


class Missed(UsageError):  # noqa: N818
    """Happenings that a follower had still to see were let go; the message says how to go on."""


class StoreError(OmnichannelError):
    """The store cannot do what it must."""


class UnsafeStore(StoreError):  # noqa: N818
    """The store is set up so that it could lose what was acknowledged."""


class SchemaError(StoreError):
    """The store was made by a version whose tables this version does not know."""


class StoreUnreachable(StoreError):  # noqa: N818
    """The store's server is away for longer than a restart takes. Nothing was done; try again when it is back."""


class CommitInDoubt(StoreError):  # noqa: N818
    """The store's server went away during a commit and cannot say whether it was done. Nothing does it again."""
