"""A contract cannot be thinned out: not by hand, not by what is inherited beside it, not afterwards."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path

import pytest

from omnichannel.testing import ChannelContract, LinkContract

CASES = Path(__file__).parents[1] / "channels" / "messenger" / "contract"


class Lenient:
    """What somebody might inherit beside the contract, wherever they have it from."""

    def test_check(self) -> None:
        """Nothing is checked."""


class Careless:
    """Forgets to ask whoever comes after it."""

    def __init_subclass__(cls, **rest: object) -> None:
        """Nothing is refused."""


def test_what_is_inherited_beside_takes_no_rule_away() -> None:
    """Before, whatever stood in another base took the place of the contract's rule, and nobody was told."""
    with pytest.raises(
        TypeError, match=r"TestLess overrides test_check: the contract .* \(through Lenient\)"
    ):
        type(ChannelContract)("TestLess", (Lenient, ChannelContract), {"cases": CASES})
    with pytest.raises(TypeError, match="overrides __init_subclass__, test_check: the contract is whole"):
        type(ChannelContract)("TestLess", (Careless, ChannelContract), {"cases": CASES, "test_check": None})
    with pytest.raises(TypeError, match="overrides test_link: the contract is whole"):
        bases = (type("Beside", (), {"test_link": lambda self: None}), LinkContract)
        type(LinkContract)("TestLess", bases, {"kind": "email"})


def test_what_comes_after_the_contract_takes_nothing_away() -> None:
    class TestBoth(ChannelContract, Lenient):
        cases = CASES

    assert TestBoth.test_check is ChannelContract.test_check


@pytest.mark.parametrize("name", ["__test__", "__init__", "__new__", "__getattribute__", "__init_subclass__"])
def test_no_class_makes_pytest_pass_it_by(name: str) -> None:
    with pytest.raises(TypeError, match=f"overrides {name}: the contract is whole"):
        type(ChannelContract)("TestLess", (ChannelContract,), {"cases": CASES, name: None})


def test_nothing_is_put_in_its_place_afterwards() -> None:
    class TestAll(ChannelContract):
        cases = CASES

    for contract in (TestAll, ChannelContract):
        with pytest.raises(TypeError, match="overrides test_check"):
            contract.test_check = None  # type: ignore[assignment, method-assign]
        with pytest.raises(TypeError, match="overrides test_case"):
            del contract.test_case  # type: ignore[attr-defined]
        with pytest.raises(TypeError, match="overrides _FREE"):
            contract._FREE = frozenset({"test_check"})
    TestAll.cases = CASES.parent / "cases"
    assert TestAll.cases.name == "cases"


def test_who_signs_for_several_may_be_abstract() -> None:
    class Signs(ABC):
        @abstractmethod
        def sign(self, delivery: object, secret: str) -> object:
            """As the platform does."""

    class TestSigned(Signs, ChannelContract):
        cases = CASES

    assert TestSigned.sign is Signs.sign
