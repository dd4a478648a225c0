"""What somebody who recorded a signed delivery could make of it."""

from __future__ import annotations

import pytest

from omnichannel.channel import Delivery
from omnichannel.emulators.http import proof
from omnichannel.errors import Forged, Malformed
from tests.channels.http.test_http import NOON, SECRET, delivered, http

LONG_AGO = int(NOON.timestamp()) - 9 * 24 * 3600


def test_t13_a_recording_cut_elsewhere_is_refused() -> None:
    """The parts of what is signed are only divided by full stops: a moment inside the body could be the new one."""
    now = int(NOON.timestamp())
    recorded = b'hello.%d.{"type": "ping"}' % now
    signature = proof(SECRET, "m1", LONG_AGO, recorded)["webhook-signature"]
    forged = {
        "webhook-id": f"m1.{LONG_AGO}.hello",
        "webhook-timestamp": str(now),
        "webhook-signature": signature,
    }
    delivery = Delivery(headers=tuple(forged.items()), body=b'{"type": "ping"}', received_at=NOON)
    with pytest.raises(Forged, match="a timestamp in it"):
        http().admit(delivery)


@pytest.mark.parametrize("message_id", ["evt.1", "a.b.c", "order.20261120", "1.2.3"])
def test_ids_may_have_full_stops(message_id: str) -> None:
    body = b'{"type": "ping"}'
    headers = proof(SECRET, message_id, int(NOON.timestamp()), body)
    assert http().admit(Delivery(headers=tuple(headers.items()), body=body, received_at=NOON)).keep


def test_t42_a_delivery_of_a_million_nothings_is_refused_as_a_whole() -> None:
    """Each would become an event that says that it cannot be read: a gigabyte of complaints for four megabytes."""
    with pytest.raises(Malformed, match="at most 10000"):
        http().parse(delivered({"events": [1] * 1_000_000}))
    assert len(list(http().parse(delivered({"events": [1] * 10_000})))) == 10_000
