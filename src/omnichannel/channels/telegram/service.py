"""Service messages: what happened in a chat and was not said by anybody.

Payments, gifts, shared people and data of a mini app are said to us, and are read as parts of a message.
"""

from __future__ import annotations

from omnichannel.channels.telegram.place import named
from omnichannel.channels.telegram.wording import compact
from omnichannel.toolbox import Json, is_object, items, obj, string

MOVED = ("migrate_to_chat_id", "migrate_from_chat_id")
"""A group became a supergroup: the one is told in the old chat, the other in the new one."""

HAPPENED: dict[str, str] = {
    "new_chat_members": "joined",
    "new_chat_member": "joined",
    "new_chat_participant": "joined",
    "left_chat_member": "left",
    "left_chat_participant": "left",
} | {
    key: key
    for key in (
        "chat_owner_left", "chat_owner_changed", "new_chat_title", "new_chat_photo", "delete_chat_photo",
        "group_chat_created", "supergroup_chat_created", "channel_chat_created", "community_chat_added",
        "community_chat_removed", "message_auto_delete_timer_changed", "pinned_message", "connected_website",
        "write_access_allowed", "proximity_alert_triggered", "boost_added", "chat_background_set",
        "checklist_tasks_done", "checklist_tasks_added", "direct_message_price_changed", "forum_topic_created",
        "forum_topic_edited", "forum_topic_closed", "forum_topic_reopened", "general_forum_topic_hidden",
        "general_forum_topic_unhidden", "giveaway_created", "giveaway_completed", "managed_bot_created",
        "paid_message_price_changed", "poll_option_added", "poll_option_deleted", "suggested_post_approved",
        "suggested_post_approval_failed", "suggested_post_declined", "suggested_post_paid",
        "suggested_post_refunded", "video_chat_scheduled", "video_chat_started", "video_chat_ended",
        "video_chat_participants_invited", "voice_chat_scheduled", "voice_chat_started", "voice_chat_ended",
        "voice_chat_participants_invited",
    )
}  # fmt: skip
"""The key of a service message (Bot API 10.1, `Message`, and older names of the same) and the event's word."""


def happened(key: str, value: Json) -> tuple[str, str]:
    """The event's word for a service message, and what it says, for people."""
    return HAPPENED[key], _done(value) if key == "checklist_tasks_done" else _words(value)


def _done(value: Json) -> str:
    """Which tasks of a checklist are done now, and which are not any more (`ChecklistTasksDone`)."""
    checklist = obj(obj(value, "checklist_message"), "checklist")
    named = {string(task, "id"): string(task, "text") for task in items(checklist, "tasks")}
    told = [
        f"[{mark}] {named.get(str(number), number)}"
        for mark, key in (("x", "marked_as_done_task_ids"), (" ", "marked_as_not_done_task_ids"))
        for number in items(value, key)
    ]
    return "\n".join(filter(None, (string(checklist, "title"), *told)))


def moved(key: str, here: str, other: str) -> str:
    """What a migration says, for people."""
    old, new = (here, other) if key == "migrate_to_chat_id" else (other, here)
    return f"the group {old} became the supergroup {new}"


_TELLING = (
    "title", "name", "text", "option_text", "caption", "new_owner", "tasks", "users", "user", "traveler", "bot",
    "community", "checklist_message", "checklist", "suggested_post_message",
)  # fmt: skip


def _words(value: Json) -> str:
    """The name of whoever it is about, else the text, else everything that it says."""
    if isinstance(value, list):
        return ", ".join(filter(None, map(_words, value)))
    if not is_object(value):
        return "" if value in (None, True) else str(value)
    told = named(value) or next((_words(value[key]) for key in _TELLING if value.get(key)), "")
    return told or (compact(value) if value else "")
