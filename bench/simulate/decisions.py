"""What an operator may decide while workers die."""

from __future__ import annotations

from typing import Literal

Decision = Literal["merge", "unmerge", "erase", "freeze", "unfreeze", "undo", "block", "leave", "hear"]
STORIES: tuple[tuple[Decision, ...], ...] = (
    ("merge",), ("merge", "unmerge"), ("merge", "unmerge", "undo"), ("merge", "erase"), ("merge", "unmerge", "erase"),
    ("erase",), ("erase",), ("erase", "erase"), ("freeze",), ("freeze", "unfreeze"),
    ("freeze", "erase", "unfreeze", "erase"), ("merge", "freeze", "unmerge", "unfreeze"),
)  # fmt: skip
"""What is decided, in order: about the first customer, and for a merge the second too."""
BLOCKS: tuple[tuple[Decision, ...], ...] = (("block", "hear"), ("block", "hear"), ("block", "leave", "hear"))
"""Nobody listens to the first customer for a while; what they wrote meanwhile is left aside at first, or comes in."""
LISTENING: tuple[Decision, ...] = ("block", "leave", "hear")
"""What is decided at a desk about who is listened to."""
