"""What an action changes of a case, and the word for it. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import JsonValue
from pydantic_core import to_jsonable_python

from omnichannel.model.desk import Action, Case


def changes(action: Action, case: Case) -> dict[str, object]:
    """The fields that change, as `Change` names them, with their new values; empty if all is so already."""
    now = {**case.model_dump(mode="json"), "assignee": case.assignee, "status": case.conversation.status}
    return {
        name: value
        for name, value in _wanted(action, case)
        if to_jsonable_python(value) != _held(case, now, name)
    }


def word_for(action: Action) -> str:
    """What a decision by this action is called; `changed` where it is several things at once."""
    words = list(dict.fromkeys(_words(action)))
    return words[0] if len(words) == 1 else "changed"


def _held(case: Case, now: dict[str, JsonValue], name: str) -> JsonValue:
    return case.fields.get(name.removeprefix("fields.")) if name.startswith("fields.") else now[name]


def _wanted(action: Action, case: Case) -> Iterator[tuple[str, object]]:
    for name in ("assignee", "team", "status", "priority", "snoozed_until", "spam"):
        value = getattr(action, name)
        if value is not None:
            yield name, value
    if action.spam:
        yield "status", "closed"
    if action.follow_up or action.followed_up:
        yield "follow_up", action.follow_up
    if action.tags or action.untag:
        yield "tags", tuple(sorted({*case.tags, *action.tags} - {*action.untag}))
    for name, value in action.fields.items():
        yield f"fields.{name}", value


def _words(action: Action) -> Iterator[str]:
    if action.assignee is not None or action.team is not None:
        yield "assigned" if action.assignee else "queued"
    if action.spam is not None:
        yield "marked spam" if action.spam else "changed"
    elif action.status is not None:
        yield "closed" if action.status == "closed" else "reopened"
    told = {
        "prioritised": action.priority, "snoozed": action.snoozed_until, "tagged": action.tags,
        "untagged": action.untag, "filled": action.fields, "follow_up_set": action.follow_up,
        "followed_up": action.followed_up,
    }  # fmt: skip
    yield from (word for word, given in told.items() if given)
