"""The contract as tests: a subclass of fifteen lines and a folder of cases are a channel's whole test file."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from omnichannel.channel import Call, Channel, Delivery
from omnichannel.testing.cases import BadCase, check_case, load_all
from omnichannel.testing.checks import CHECKS, Check
from omnichannel.testing.failing import Broken
from omnichannel.testing.subject import Subject, secret_of
from omnichannel.testing.whole import Whole
from omnichannel.toolbox import find_tokens

if TYPE_CHECKING:
    import pytest


class ChannelContract(metaclass=Whole):
    """What every channel keeps. Subclass it, give `cases`, `channel` and `sign`, and the tests are there.

        class TestTelegraph(ChannelContract):
            cases = Path(__file__).parent / "cases"

            def channel(self, *secrets: str) -> Telegraph:
                return Telegraph("line", office="here", key=secrets)

            def sign(self, delivery: Delivery, secret: str) -> Delivery:
                signature = sign(SecretStr(secret), delivery.body, form="hex")
                return delivery.model_copy(update={"headers": (*delivery.headers, ("x-signature", signature))})

    What applies is decided by what the channel says that it can; nothing can be left out.
    """

    _FREE = frozenset({"cases", "channel", "sign", "challenge", "said", "secret", "tokens"})

    cases: ClassVar[Path]

    def channel(self, *secrets: str) -> Channel:
        """An account that takes deliveries signed with any of these secrets, newest first; write it.

        Its ids are those in the cases. Every other credential is as it would be, made up and at least eight
        characters long: the kit looks that none of them ever shows.
        """
        raise NotImplementedError

    def sign(self, delivery: Delivery, secret: str) -> Delivery:
        """The delivery as the platform sends it, with what proves that it does. Where there is a webhook: write it.

        Write it from the platform's documentation, without the channel's own code.
        """
        raise NotImplementedError

    def challenge(self, text: str, secret: str) -> Delivery | None:  # noqa: ARG002
        """The question that the platform asks when the webhook is set up, with the text that it wants back.

        `secret` is the account's webhook secret, where the question is signed. None: it asks nothing.
        """
        return None

    def said(self, call: Call) -> str | None:  # noqa: ARG002
        """The text that a person reads of a call, read out of its body; None: the kit finds it (JSON, form, plain).

        Write it where the body is something else (MIME, XML), again without the channel's own code.
        """
        return None

    def tokens(self, link: str) -> tuple[str, ...]:
        """The tokens in a link of `start_link`: `find_tokens`, unless it has to write them otherwise (in digits).

        Where it does: read them out of the link again, without the channel's own code.
        """
        return find_tokens(link)

    def secret(self, number: int) -> str:
        """A webhook secret of its own for each number, in the form that the platform gives them."""
        return secret_of(number)

    def subject(self) -> Subject:
        """Everything that the checks look at. Not to be overridden."""
        return Subject(
            make=self.channel,
            sign=self.sign,
            challenge=self.challenge,
            said=self.said,
            secret=self.secret,
            tokens=self.tokens,
            cases=load_all(type(self).cases),
        )

    def test_case(self, case: str) -> None:
        """A recorded case means exactly what it says."""
        subject = self.subject()
        (found,) = (each for each in subject.cases if each.name == case)
        with_advice(check_case, found, subject.channel())

    def test_check(self, check: Check) -> None:
        """One of the rules that hold for every channel; see its docstring for what to do when it fails."""
        import pytest

        reason = with_advice(check, self.subject())
        if reason:
            pytest.skip(reason)

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """One test for each case and each rule."""
        if "case" in metafunc.fixturenames:
            metafunc.parametrize("case", [case.name for case in load_all(type(self).cases)])
        if "check" in metafunc.fixturenames:
            metafunc.parametrize(
                "check", CHECKS, ids=[check.__name__.removeprefix("check_") for check in CHECKS]
            )

    def __init_subclass__(cls, **rest: object) -> None:
        """Refuse a subclass that has no cases."""
        super().__init_subclass__(**rest)
        folder = getattr(cls, "cases", None)
        if not isinstance(folder, Path) or not any(folder.glob("*.json")):
            raise BadCase(
                f"{cls.__name__}.cases is a folder with receive-, send- and response-*.json; got {folder}"
            )


def with_advice(check: Callable[..., str | None], *given: object) -> str | None:
    """Run a check; if it fails, say what its docstring says to do, and which file of the kit it is in."""
    try:
        return check(*given)
    except Broken as error:
        advice = inspect.cleandoc(check.__doc__ or "")
        raise Broken(f"{error}\n\n{check.__name__}: {advice}") from None
