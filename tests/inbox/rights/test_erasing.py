"""Erased is erased, everywhere and for good; and nobody else loses a word."""

from __future__ import annotations

import pytest

from omnichannel.errors import Conflict, NotFound, UsageError
from tests.inbox.desk import Desk
from tests.inbox.rights.life import ANNA, BEN, HERS, HIS, MAIL, PHONE, item, lived, traces


async def test_no_cell_of_any_table_holds_anything_of_hers(desk: Desk) -> None:
    """But what he said of her, which is his."""
    life = await lived(desk)
    assert traces(desk)
    await desk.inbox.identity.erase(life.hers, actor="zoe", because="ticket 17")
    assert traces(desk) == []
