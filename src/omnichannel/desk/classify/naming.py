"""Which classifier: by name where a plan is written down, as itself where one is made in code."""

from __future__ import annotations

import pkgutil
from typing import cast

from omnichannel.desk.classify.classifier import BuiltIn, Classifier

BUILT_IN = BuiltIn()
NAME, NONE = "built-in", "none"
_CURE = f"write {NAME!r}, {NONE!r}, or where yours is: 'package.module:name'"


def classifier_of(given: object) -> Classifier | None:
    """A classifier that is given, or named as `package.module:name`; of a class, one is made. None: nobody reads.

    Raises ValueError, with the cure, for what is none or cannot be found.
    """
    if given is None or given == NONE:
        return None
    if given == NAME:
        return BUILT_IN
    found = _found(given) if isinstance(given, str) else given
    try:
        made = found() if isinstance(found, type) else found
    except Exception as error:
        raise ValueError(f"{given} could not be made ({type(error).__name__}: {error}); {_CURE}") from error
    if not callable(getattr(made, "classify", None)):
        raise ValueError(f"{given!r} has no method `classify`; {_CURE}")  # noqa: TRY004 - pydantic's word
    return cast("Classifier", made)


def _found(name: str) -> object:
    if ":" not in name:
        raise ValueError(f"{name!r} names no classifier; {_CURE}")
    try:
        return pkgutil.resolve_name(name)
    except (ImportError, AttributeError, ValueError) as error:
        raise ValueError(f"{name!r} cannot be found ({error}); {_CURE}") from error


def name_of(classifier: Classifier | None) -> str:
    """What readings and plans call a classifier: by where its class is."""
    if classifier is None:
        return NONE
    if isinstance(classifier, BuiltIn):
        return NAME
    made = type(classifier)
    return f"{made.__module__}:{made.__qualname__}"
