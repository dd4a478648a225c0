"""When rules are asked: once for each case, and again only where the plan says so."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from omnichannel.model.desk import Case, Reading

Again = Literal["intent", "reopened"]
"""What makes rules be asked again: `intent`, that the open question wants something more, while nobody has it or has
answered it; `reopened`, that the customer wrote in a case that was closed."""


def asks(
    case: Case, before: Reading | None, after: Reading, again: Collection[Again], *, worded: bool = True
) -> bool:
    """Whether rules are asked about a case now that its words were read. `worded`: there are any.

    Only words are ever a reason, and a question can want something more six times at most, edits apart: what rules
    and people decided never is, so nothing goes round.
    """
    if case.unrouted:
        return True
    if case.assignee:
        return False
    if case.wordless and worded:  # since then nobody answered: it would not be set any more
        return True
    if case.answered_at is not None:
        return False
    more = after.held - (before.held if before else frozenset())
    return not case.routed or ("intent" in again and bool(more))
