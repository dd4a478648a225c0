"""What pywa's tests ask of a body: lambdas over its own update objects, read as expressions."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from bench.conform.rows import NONE
from bench.conform.whatsapp_view import FILES, MISSING, View
from omnichannel.model import Event

PYWA: dict[str, Callable[[View], object]] = {
    "text": lambda view: view.event.text or None,
    **{kind: (lambda view, kind=kind: view.file(kind)) for kind in FILES},
    "has_media": lambda view: view.first("attachment") is not None,
    "media": lambda view: view.first("attachment"),
    "media.url": lambda view: view.field("attachment", "url") or None,
    "caption": lambda view: view.event.text or None,
    "sticker.animated": lambda view: "animated" in view.field("attachment", "name"),
    "audio.voice": lambda view: view.field("attachment", "name") == "voice",
    "location.current_location": lambda view: not view.field("location", "name"),
    "contacts": lambda view: view.first("contact"),
    "order": lambda view: view.first("reference", what="order"),
    "referral": lambda view: view.first("reference", what="advertisement"),
    "forwarded": lambda view: "forwarded" in view.event.notes,
    "forwarded_many_times": lambda view: "frequently_forwarded" in view.event.notes,
    "is_reply": lambda view: bool(view.event.reply_to),
    "reply_to_message": lambda view: view.event.reply_to or None,
    "message_id_to_reply": lambda view: view.event.targets[0] if view.kind != "received" else view.event.reply_to,
    "id": lambda view: view.event.external_id,
    "reaction.emoji": lambda view: view.event.reaction or None,
    "type": lambda view: view.type,
    "data": lambda view: view.option.value or None,
    "title": lambda view: view.option.title or None,
    "description": lambda view: view.option.text or None,
    "status": lambda view: "played" if view.event.reason == "played" else view.event.status,
    "error": lambda view: view.event.reason or None,
    "group_id": lambda view: view.event.thread if view.event.thread not in view.people else None,
    "original_message_id": lambda view: view.event.targets[0],
    "message.id": lambda view: view.event.targets[0],
    "message.image": lambda view: view.file("image"),
    "direction": lambda view: f"{'business' if view.event.direction == 'outbound' else 'user'}_initiated",
    "event": lambda view: view.event.external_id.rpartition(":")[2],
    "response": lambda view: view.field("system", "text").split()[0],
    "expiration_timestamp": lambda view: view.field("system", "text").partition(" until ")[2] or None,
    "sys_type": lambda view: view.field("system", "what"),
    "value": lambda view: view.event.reason.partition(":")[0],
}  # fmt: skip


class _NoCounterpart(Exception):  # noqa: N818 - says so, is no mistake
    pass


def pywa(source: str, events: list[Event], body: bytes) -> object:
    """Whether a lambda of pywa's tests is true; NONE where it asks for what our model does not have."""
    try:
        return bool(_evaluated(ast.parse(source, mode="eval").body, View(events, body)))
    except _NoCounterpart:
        return NONE
    except MISSING:
        return False


def _evaluated(node: ast.expr, view: View) -> Any:
    if isinstance(node, ast.BoolOp):
        found = [_evaluated(value, view) for value in node.values]
        return all(found) if isinstance(node.op, ast.And) else any(found)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return not _evaluated(node.operand, view)
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        return _compared(node.ops[0], _evaluated(node.left, view), _evaluated(node.comparators[0], view))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "isinstance":
        kind = node.args[1]
        return view.file(kind.id.lower()) is not None if isinstance(kind, ast.Name) else _nothing()
    return _looked_up(node, view)


def _looked_up(node: ast.expr, view: View) -> Any:
    path = ast.unparse(node)
    root, _, rest = path.partition(".")
    if root[:1].isupper():
        return rest.lower()
    if rest not in PYWA:
        _nothing()
    return PYWA[rest](view)


def _nothing() -> Any:
    raise _NoCounterpart


def _compared(op: ast.cmpop, left: Any, right: Any) -> bool:
    if isinstance(op, ast.Is | ast.IsNot):
        return (left is right) is isinstance(op, ast.Is)
    return (left == right) is isinstance(op, ast.Eq) if isinstance(op, ast.Eq | ast.NotEq) else _nothing()
