"""Contracts that stay whole: nothing is taken away by a subclass, by what it inherits beside, or afterwards."""

from __future__ import annotations

from abc import ABCMeta

_ALWAYS = frozenset(
    {"__init__", "__new__", "__getattribute__", "__setattr__", "__init_subclass__", "__test__"}
)
"""With these a class takes rules away that it does not name: pytest passes it by, or nobody looks at it."""


class Whole(ABCMeta):
    """The class of a contract. What its author gives stands in its `_FREE`; all else is the contract's alone.

    Of ABCMeta, because whoever signs for several channels may be an abstract class.
    """

    def __init__(
        cls, name: str, bases: tuple[type, ...], namespace: dict[str, object], **rest: object
    ) -> None:
        super().__init__(name, bases, namespace, **rest)
        contract = _contract(cls)
        before = cls.__mro__[: cls.__mro__.index(contract)]
        kept = _kept(contract)
        found = {key: one for one in reversed(before) for key in kept & vars(one).keys()}
        if found:
            beside = sorted({one.__name__ for one in found.values()} - {name})
            through = f" (through {', '.join(beside)})" if beside else ""
            raise TypeError(_refusal(name, sorted(found), contract) + through)

    def __setattr__(cls, name: str, value: object) -> None:
        """Raise TypeError for a rule that is put in place of the contract's."""
        if name in _kept(_contract(cls)):
            raise TypeError(_refusal(cls.__name__, [name], _contract(cls)))
        super().__setattr__(name, value)

    def __delattr__(cls, name: str) -> None:
        """Raise TypeError for a rule that is taken away."""
        if name in _kept(_contract(cls)):
            raise TypeError(_refusal(cls.__name__, [name], _contract(cls)))
        super().__delattr__(name)


def _contract(cls: type) -> type:
    """The contract that a class is made of: the first of its kind."""
    return next(one for one in reversed(cls.__mro__) if isinstance(one, Whole))


def _free(contract: type) -> frozenset[str]:
    return frozenset(vars(contract)["_FREE"])


def _kept(contract: type) -> frozenset[str]:
    """What no subclass gives."""
    ours = {name for name in vars(contract) if not name.startswith("__") and not name.startswith("_abc_")}
    return frozenset((ours - _free(contract)) | _ALWAYS)


def _refusal(name: str, overridden: list[str], contract: type) -> str:
    return (
        f"{name} overrides {', '.join(overridden)}: the contract is whole. "
        f"Give {', '.join(sorted(_free(contract)))}; for rules of your own write tests beside it"
    )
