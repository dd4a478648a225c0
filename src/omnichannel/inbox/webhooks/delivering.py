"""One endpoint's turn: notice after notice, in order, each sent outside of any transaction and settled after it.

The worker that has the endpoint sends what happened next, and goes on to the one after it only when that was taken.
What fails is tried again at the times of the specification, and until then nothing overtakes it. A worker that dies
between sending and settling is not missed for longer than the lease: another one sends the same notice, under the
same id. Whoever waits for an answer renews it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from pydantic import SecretBytes

from omnichannel.channel import Response
from omnichannel.clock import micros
from omnichannel.errors import Conflict, Missed
from omnichannel.inbox.following import wanted
from omnichannel.inbox.rules import span
from omnichannel.inbox.webhooks import notices, secrets
from omnichannel.model import Happening
from omnichannel.store import Tx, following, records, webhooks
from omnichannel.store.records import Placed
from omnichannel.store.webhooks import ACTIVE, FAILED, GONE, Registered
from omnichannel.toolbox.standard_webhooks import signature
from omnichannel.webhooks import Webhook

PAUSES = (
    timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=5),
    timedelta(hours=10), timedelta(hours=14), timedelta(hours=20), timedelta(hours=24),
)  # fmt: skip
"""Between the attempts: the schedule of Standard Webhooks 1.0.0, ten attempts in 75 hours and 35 minutes."""

JITTER = 0.1
"""How much longer a pause may get by chance, so that what failed together is not tried together."""

LONGEST_ASKED = timedelta(hours=24)
"""The longest that an endpoint may put us off by Retry-After."""

MISSED = "what it had still to be told is not kept any more (Rules.keep_events)"

LEASE = timedelta(minutes=1)
"""How long the endpoints of a worker that died are left alone. Clocks of workers may differ by most of it.

Each worker compares what another one wrote with its own clock: one whose clock is ahead by more than what is left of
a lease takes an endpoint from whoever works on it, and tells it the same once more.
"""

TURN = 100
"""Notices that one endpoint is told before others have their turn."""

_SOME = 200  # happenings that are looked at together where not all are wanted

Configured = Mapping[str, Webhook]


class Due(NamedTuple):
    """One notice that is ours to send now. `holder` is the worker's number, `turn` how many it sent before.

    `failing`: it was not taken the last time.
    """

    endpoint: str
    url: str
    private: bool
    headers: tuple[tuple[str, str], ...]
    body: bytes
    position: int = 0
    holder: int = 0
    turn: int = 0
    failing: bool = False

    def __repr__(self) -> str:
        return f"Due({self.endpoint!r}, {self.position})"


def claim(tx: Tx, configured: Configured, most: int, room: int) -> list[Due]:
    """The next notice of each endpoint that has one, and that nobody works on.

    So many (`most`) of those that took what they were told last, and `room` of those that did not: they may hang.
    """
    left = {False: most, True: room}
    claimed: list[Due] = []
    for found in webhooks.due(tx, tuple(configured)):
        failing = found.attempts > 0
        if left[failing] > 0 and (due := _begun(tx, configured, found.settings.name)):
            claimed.append(due)
            left[failing] -= 1
    return claimed


def _begun(tx: Tx, configured: Configured, name: str) -> Due | None:
    """The first notice of a turn; None if there is nothing to tell, or if another worker was faster."""
    place = following.place(tx, name)
    if place.reached >= following.gone_up_to(tx) and not following.unseen(tx, place, 1):
        return None  # looking costs nothing: nothing is written
    holder = following.take(tx, name, lease(tx))
    return None if holder is None else _next(tx, configured, name, holder, 0)


def lease(tx: Tx) -> int:
    """Until when an endpoint is a worker's, who renews it while the endpoint lets us wait (`waiting`)."""
    return tx.now() + span(LEASE)


def _next(tx: Tx, configured: Configured, name: str, holder: int, turn: int) -> Due | None:
    """The next notice, signed for this moment; None at the end of the turn, when others may have the endpoint."""
    found = webhooks.find(tx, name)
    placed = None
    if found and found.state == ACTIVE and found.due_at <= tx.now() and turn < TURN:
        try:
            placed = upcoming(tx, found, holder)
        except Missed:
            _give_up(tx, name, FAILED, MISSED)
    if found is None or placed is None:
        following.let_have(tx, name, holder)
        return None
    due = signed(tx, configured, found, placed.happening)
    return due._replace(position=placed.position, holder=holder, turn=turn)


def signed(tx: Tx, configured: Configured, found: Registered, happening: Happening) -> Due:
    """A notice of a happening, signed for this moment, that is nobody's turn yet."""
    url, private, keys = _where(tx, found, configured)
    body = notices.body(tx, happening, found.settings.includes)
    timestamp = str(tx.now() // 1_000_000)
    headers = (
        ("content-type", "application/json"),
        ("webhook-id", happening.id),
        ("webhook-timestamp", timestamp),
        ("webhook-signature", signature(keys, happening.id, timestamp, body)),
    )
    return Due(found.settings.name, url, private, headers, body, failing=found.attempts > 0)


def _where(tx: Tx, found: Registered, configured: Configured) -> tuple[str, bool, tuple[SecretBytes, ...]]:
    given = configured.get(found.settings.name)
    if given is not None:
        return given.url, given.private, given.keys
    keys = secrets.keys(tx, found.settings)
    if not keys:
        name = found.settings.name
        raise Conflict(
            f"{name} stands in a configuration, with its secret: do it with that (webhooks=, --config)"
        )
    return found.settings.url, found.settings.private, keys


def upcoming(tx: Tx, found: Registered, holder: int) -> Placed | None:
    """What the endpoint is to be told next; what it does not want is passed over. Raises Missed."""
    name, wants = found.settings.name, found.settings.wants
    while some := following.unseen(tx, following.place(tx, name), _SOME if wants else 1):
        placed = next((one for one in some if wanted(one.happening, wants)), None)
        if placed is not None:
            return placed
        following.skip(tx, name, holder, some[-1].position)
    return None


def settle(tx: Tx, configured: Configured, due: Due, response: Response) -> Due | None:
    """Write down what came of a notice; the next one of the same turn, if there is one."""
    until = lease(tx)
    if 200 <= response.status < 300 and not response.failure:
        if not following.acknowledge(tx, due.endpoint, due.holder, due.position, until):
            return None  # another worker took over, or it was moved meanwhile: what they know counts
        webhooks.well(tx, due.endpoint)
        return _next(tx, configured, due.endpoint, due.holder, due.turn + 1)
    found, place = webhooks.find(tx, due.endpoint), following.find(tx, due.endpoint)
    if found is not None and place is not None and place.holder == due.holder:
        _failed(tx, found, response)
        following.let_have(tx, due.endpoint, due.holder)
    return None


def _failed(tx: Tx, found: Registered, response: Response) -> None:
    name, answer = found.settings.name, response.detail or f"HTTP {response.status}"
    attempts = found.attempts + 1
    pause = PAUSES[min(attempts, len(PAUSES)) - 1]
    webhooks.failing(tx, name, tx.now() + max(_longer(tx, pause), _asked(tx, response)), answer)
    if response.status == 410:
        _give_up(tx, name, GONE, "it answered HTTP 410: it wants nothing any more")
    elif attempts > len(PAUSES):
        _give_up(tx, name, FAILED, f"{answer}, after {attempts} attempts")


def _give_up(tx: Tx, name: str, state: int, because: str) -> None:
    """Tell it nothing more until somebody says so: everything stays where it is, to be told then."""
    webhooks.switch(tx, name, state, because)
    what = "webhook.gone" if state == GONE else "webhook.failed"
    records.happened(tx, what, detail={"endpoint": name, "because": because})


def _longer(tx: Tx, pause: timedelta) -> int:
    """The pause and a little more, in microseconds."""
    return int(span(pause) * (1 + JITTER * tx.moment.chance()))


def _asked(tx: Tx, response: Response) -> int:
    """How long the endpoint asks us to wait (Retry-After, in seconds or as a date), in microseconds."""
    said = response.header("retry-after").strip()
    if said.isascii() and said.isdigit():
        asked = int(said[:9]) * 1_000_000
    else:
        try:
            asked = micros(parsedate_to_datetime(said)) - tx.now()
        except (ValueError, TypeError, OverflowError):
            return 0
    return min(max(asked, 0), span(LONGEST_ASKED))
