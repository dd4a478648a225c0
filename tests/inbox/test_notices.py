"""What an endpoint is told is made when it is sent: of who was erased or frozen meanwhile, nothing but ids."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from omnichannel import Attachment
from omnichannel.inbox.webhooks import notices
from omnichannel.model import Notice
from omnichannel.store.known import TABLES
from tests.engines import wait
from tests.inbox.desk import Desk
from tests.inbox.receiver import Receiver


@pytest.fixture
def crm() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


async def held_up(desk: Desk, crm: Receiver) -> None:
    """An endpoint that includes everything, and does not take it for now; Anna and Ben wrote."""
    await desk.inbox.webhooks.add("crm", crm.hook, private=True, includes=["message", "detail"])
    crm.secrets = await desk.inbox.webhooks.secrets("crm")
    crm.answers = [503]
    await desk.heard("kastanje", who="anna", name="Annabel")
    await desk.heard("walnoot", who="ben", name="Benjamin")
    crm.heard.clear()


async def caught_up(desk: Desk, crm: Receiver) -> str:
    """Everything that it is told now that it takes it."""
    desk.clock.advance(minutes=1)
    await desk.inbox.work()
    assert "walnoot" in str(crm.heard)
    assert all(heard.genuine for heard in crm.heard)
    return str(crm.heard)


async def test_of_who_was_erased_nothing_is_told_any_more(desk: Desk, crm: Receiver) -> None:
    """What waited to be delivered holds nothing of hers; that something happened is told, by ids."""
    await held_up(desk, crm)
    customer = await desk.customer("anna")
    await desk.inbox.identity.erase(customer.id, actor="zoe")
    told = await caught_up(desk, crm)
    assert not any(word in told for word in ("kastanje", "anna", "Annabel"))
    assert customer.id in told
    gone = [heard for heard in crm.taken if heard.notice["data"]["left_out"]]
    assert {heard.notice["data"]["left_out"] for heard in gone} == {"the message is not here any more"}


async def test_of_who_is_frozen_no_more_than_ids_is_told(desk: Desk, crm: Receiver) -> None:
    await held_up(desk, crm)
    await desk.inbox.identity.freeze((await desk.customer("anna")).id, actor="zoe")
    told = await caught_up(desk, crm)
    assert "kastanje" not in told
    assert "its customer's data are frozen" in told


async def test_the_bytes_of_files_are_never_told_and_what_is_too_large_is_left_out(
    desk: Desk, crm: Receiver
) -> None:
    message = await desk.heard("hello")
    file = Attachment(name="a.pdf", content=b"bytes of a file")
    bare = notices._bare(message.model_copy(update={"parts": (*message.parts, file)}))
    assert (bare.parts[-1], bare.text) == (file.model_copy(update={"content": None}), "hello")
    await desk.inbox.webhooks.add(
        "crm", crm.hook, private=True, includes=["message"], wants=["message.received"]
    )
    await desk.heard("x" * notices.MOST_BYTES, id="large")
    [heard] = crm.heard
    notice = Notice.model_validate(heard.notice)
    assert (notice.data.content, notice.data.left_out) == (None, "it is too large; look it up")
    assert notice.data.message


def test_nothing_of_a_customer_is_kept_for_endpoints(desk: Desk) -> None:
    """The tables hold who is told, and how far they are."""
    for name in ("followers", "webhooks", "let_go"):
        assert TABLES[name].fate == "kept"
    rows = wait(
        desk.inbox.open(), lambda tx: [tx.all(f"SELECT * FROM {name}") for name in ("followers", "webhooks")]
    )
    assert rows == [[], []]
