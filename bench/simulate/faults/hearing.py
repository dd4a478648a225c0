"""Mistakes in hearing what became of our words: echoes, statuses, and who is told."""

from __future__ import annotations

from omnichannel.channel import Channel
from omnichannel.inbox import echoes, recording, sending, updating
from omnichannel.model import Updated
from omnichannel.store import Tx, externals, meant, outbox, records


def echo_is_news() -> None:
    """Our own words come back, and nobody knows them."""
    recording.recognise = lambda tx, account, event: False  # type: ignore[attr-defined]


def echo_proves_nothing() -> None:
    """Our own words come back, and are only thrown away."""
    echoes.confirm = lambda tx, account, call, external_id: None


def early_status_lost() -> None:
    """A status that is faster than the answer to its call is about nothing."""
    known = meant.find

    def find(
        tx: Tx, account: str, *, correlator: str = "", external_id: str = ""
    ) -> tuple[int, int, int] | None:
        found = known(tx, account, correlator=correlator, external_id=external_id)
        return found if found and found[2] == outbox.SENT else None

    meant.find = find
    externals.keep_early = lambda tx, account, target, event: None


def status_goes_back() -> None:
    """The status that comes last counts."""

    def advance(tx: Tx, number: int, status: str, detail: str) -> bool:
        tx.run("UPDATE calls SET status = ? WHERE workspace = ? AND id = ?", status, tx.ws, number)
        return True

    outbox.advance = advance


def status_ignored() -> None:
    """Nobody asks what became of our words."""
    updating._status = lambda tx, channel, event: None


def status_proves_nothing() -> None:
    """A call in doubt stays so, although it was read."""

    def status(tx: Tx, channel: Channel, event: Updated) -> None:
        found = meant.find(tx, channel.name, correlator=event.correlator)
        if found:
            tx.run(
                "UPDATE calls SET status = ? WHERE id = ? AND status < ?", str(event.status), found[0], "read"
            )

    updating._status = status
    echoes.confirm = lambda tx, account, call, external_id: None


def doubt_in_silence() -> None:
    """Nobody is told that a call is in doubt."""
    sending.settle_unknown = lambda tx, number, detail: outbox.settle(tx, number, outbox.UNKNOWN, "", detail)


def failure_in_silence() -> None:
    """Nobody is told that a call failed."""
    happened = records.happened

    def silent(tx: Tx, what: str, **more: object) -> None:
        if what != "message.failed":
            happened(tx, what, **more)  # type: ignore[arg-type]

    records.happened = silent


FAULTS = (
    echo_is_news, echo_proves_nothing, early_status_lost, status_goes_back, status_ignored, status_proves_nothing,
    doubt_in_silence, failure_in_silence,
)  # fmt: skip
