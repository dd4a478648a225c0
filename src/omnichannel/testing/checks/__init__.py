"""The rules of the contract: one function each, which raises Broken, or says why it does not apply (from `can`)."""

from __future__ import annotations

from collections.abc import Callable

from omnichannel.testing.checks import (
    admission,
    answers,
    capabilities,
    challenges,
    damage,
    declared,
    dumps,
    parts,
    reading,
    secrecy,
    sending,
)
from omnichannel.testing.subject import Subject

Check = Callable[[Subject], str | None]
"""A rule: nothing if it is kept, a reason if it does not apply to this channel, Broken if it is not kept."""

CHECKS: tuple[Check, ...] = (
    *declared.CHECKS,
    *admission.CHECKS,
    *challenges.CHECKS,
    *reading.CHECKS,
    *damage.CHECKS,
    *parts.CHECKS,
    *capabilities.CHECKS,
    *sending.CHECKS,
    *answers.CHECKS,
    *secrecy.CHECKS,
    *dumps.CHECKS,
)
"""Every rule, in the order of a message's way."""
