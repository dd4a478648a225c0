"""To come."""

from collections.abc import Callable

from omnichannel.testing.subject import Subject

CHECKS: tuple[Callable[[Subject], str | None], ...] = ()
