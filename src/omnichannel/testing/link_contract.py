"""The contract of sources and senders as tests, against the channel's emulator over real sockets."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from omnichannel.emulators.emulator import Emulator
from omnichannel.plugins import EMULATORS, offered
from omnichannel.testing.checks.doubts import FINDING_CHECKS
from omnichannel.testing.checks.links import LINK_CHECKS, Make
from omnichannel.testing.contract import with_advice
from omnichannel.testing.whole import Whole

if TYPE_CHECKING:
    import pytest


class LinkContract(metaclass=Whole):
    """What every wire keeps: cancel, reconnect and resume without loss or repetition; trouble has one meaning.

        class TestTelegraphLink(LinkContract):
            kind = "telegraph"

    The emulator is the installed one of that kind; override `emulator` for another way to start it.
    """

    _FREE = frozenset({"kind", "emulator"})

    kind: ClassVar[str]

    def emulator(self) -> Emulator:
        """A platform that is not started yet, with one account of ours."""
        return offered(EMULATORS, self.kind, Emulator)()  # type: ignore[type-abstract]  # what is offered is concrete

    def test_link(self, link: Callable[[Make], str | None]) -> None:
        """One of the rules that hold for every wire; see its docstring for what to do when it fails."""
        import pytest

        reason = with_advice(link, self.emulator)
        if reason:
            pytest.skip(reason)

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """One test for each rule."""
        if "link" in metafunc.fixturenames:
            checks = (*LINK_CHECKS, *FINDING_CHECKS)
            metafunc.parametrize(
                "link", checks, ids=[check.__name__.removeprefix("check_") for check in checks]
            )

    def __init_subclass__(cls, **rest: object) -> None:
        """Refuse a subclass that names no kind."""
        super().__init_subclass__(**rest)
        if not isinstance(getattr(cls, "kind", None), str):
            raise TypeError(
                f"{cls.__name__}.kind is the kind of channel whose wires are tried, e.g. 'telegraph'"
            )
