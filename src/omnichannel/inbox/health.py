"""How an account does: what is known of it, put into one word and one sentence that says what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

from omnichannel.channel import Channel, Finding
from omnichannel.clock import moment
from omnichannel.inbox.hearing import patience
from omnichannel.inbox.rules import Rules, span
from omnichannel.model import UtcTime, Value
from omnichannel.store import Tx, pulses
from omnichannel.store.pulses import Backlog, Look, Pulse

State = Literal["well", "quiet", "troubled", "disabled"]
"""`disabled`: the platform says that it brings us nothing. `troubled`: something fails, or waits for a person.
`quiet`: nothing was heard for longer than usual, or ever. `well`: none of these."""


class Wire(Value):
    """A source of an account: when a look at it last succeeded, and what is wrong with it since when."""

    name: str
    looked_at: UtcTime | None = None
    trouble: str = ""
    since: UtcTime | None = None


class Health(Value):
    """How an account does. Moments are None for never, and as old as ten seconds at most.

    `says` is why it is in this state, and `cure` what to do. `heard_at`: when anything verified last came.
    `refused` deliveries proved nothing, the last one at `refused_at`. `challenged_at`: when somebody last asked the
    webhook for a proof that it holds the secret (X does about hourly). `sent_at`: when the platform last took a call.
    `waiting` is still to be read, handled or sent, since `waits_since`; `parked` failed for good; `in_doubt` are
    calls (10,000 of each are counted at most). `gap_from`: since when something may be missing; `compared_at`: when
    the account was last compared with its platform's record. `asked`: what the platform says.
    """

    account: str
    kind: str
    state: State
    says: str
    cure: str = ""
    heard_at: UtcTime | None = None
    patience: timedelta
    refused: int = 0
    refused_at: UtcTime | None = None
    challenged_at: UtcTime | None = None
    sent_at: UtcTime | None = None
    wires: tuple[Wire, ...] = ()
    waiting: int = 0
    waits_since: UtcTime | None = None
    parked: int = 0
    in_doubt: int = 0
    gap_from: UtcTime | None = None
    compared_at: UtcTime | None = None
    asked: tuple[Finding, ...] = ()

    @property
    def needs_person(self) -> bool:
        """Whether somebody should look: unless it is well, or only quiet and its platform says that it delivers."""
        return self.state != "well" and not (self.state == "quiet" and any(one.ok for one in self.asked))


def of(
    tx: Tx, channel: Channel, backlogs: Mapping[str, Backlog], asked: Sequence[Finding], rules: Rules
) -> Health:
    """How an account does now."""
    pulse, looks = pulses.get(tx, channel.name), pulses.looks(tx, channel.name)
    sources = tuple(looks.get(one.name, Look(one.name, 0, "", 0)) for one in channel.sources())
    backlog = backlogs.get(channel.name, Backlog())
    patient = patience(pulse, rules)
    judge = _Judge(channel, pulse, sources, backlog, asked, rules, tx.now(), patient)
    state, says, cure = next(judge.complaints(), ("well", judge.well(), ""))
    return Health(
        account=channel.name,
        kind=channel.kind,
        state=state,
        says=says,
        cure=cure,
        patience=timedelta(microseconds=patient),
        refused=pulse.refused,
        wires=tuple(map(_wire, sources)),
        waiting=backlog.waiting,
        parked=backlog.parked,
        in_doubt=backlog.in_doubt,
        asked=tuple(asked),
        heard_at=_at(pulse.heard_at),
        refused_at=_at(pulse.refused_at),
        challenged_at=_at(pulse.challenged_at),
        sent_at=_at(pulse.sent_at),
        waits_since=_at(backlog.since),
        gap_from=_at(pulse.gap_from) if channel.can.history and not sources else None,
        compared_at=_at(pulse.compared_at),
    )


Complaint = tuple[State, str, str]


class _Judge:
    """What there is to say of an account, the worst first."""

    def __init__(
        self,
        channel: Channel,
        pulse: Pulse,
        sources: Sequence[Look],
        backlog: Backlog,
        asked: Sequence[Finding],
        rules: Rules,
        now: int,
        patient: int,
    ) -> None:
        self.channel, self.pulse, self.sources = channel, pulse, sources
        self.backlog, self.asked, self.rules = backlog, asked, rules
        self.now, self.patient = now, patient
        self.stale = now - span(rules.stale_after)

    def complaints(self) -> Iterator[Complaint]:
        """Everything that is wrong; the first one is what is told."""
        for one in sorted((one for one in self.asked if not one.ok), key=lambda one: not one.stopped):
            yield "disabled" if one.stopped else "troubled", one.what, self._and_then(one.cure)
        yield from self._wires()
        yield from self._refusals()
        yield from self._backlog()
        yield from self._gap()
        yield from self._silence()

    def well(self) -> str:
        """What is told of an account that nothing is wrong with."""
        if self.pulse.heard_at:
            return f"last heard {_when(self.pulse.heard_at)}"
        return "its sources can be read; nothing has come yet"

    def _and_then(self, cure: str) -> str:
        """What is to be done when it is mended."""
        if not self.channel.can.history:
            return f"{cure}. Then: {self.channel.resends}"
        return f"{cure}. Then bring in what was missed: omnichannel reconcile {self.channel.name}"

    def _wires(self) -> Iterator[Complaint]:
        for one in self.sources:
            if one.trouble:
                says = f"{one.source} cannot be read since {_when(one.trouble_at)} ({one.trouble})"
                yield "troubled", says, "Ask what is wrong: omnichannel doctor"
            elif one.looked_at < self.stale:
                since = f"since {_when(one.looked_at)}" if one.looked_at else "yet"
                yield "troubled", f"nobody has looked into {one.source} {since}", "See whether Inbox.run runs"

    def _refusals(self) -> Iterator[Complaint]:
        pulse = self.pulse
        if pulse.refused and pulse.refused_at > pulse.heard_at:
            says = f"what came last proved nothing ({_when(pulse.refused_at)}; {pulse.refused} were refused in all)"
            cure = "If it was the platform, its secret has changed: give the account the new one"
            yield "troubled", says, cure

    def _backlog(self) -> Iterator[Complaint]:
        backlog = self.backlog
        if backlog.waiting and backlog.since < self.stale:
            says = (
                f"{backlog.waiting} wait to be read, handled or sent, the oldest since {_when(backlog.since)}"
            )
            yield "troubled", says, "See whether Inbox.run runs, and with handlers"
        if backlog.parked:
            yield "troubled", f"{backlog.parked} failed for good", "Look at them: omnichannel parked"
        if backlog.in_doubt:
            says = f"of {backlog.in_doubt} calls nobody knows whether they arrived"
            yield (
                "troubled",
                says,
                "Look on the platform, and say what you saw: inbox.in_doubt(), inbox.resolve(…)",
            )

    def _gap(self) -> Iterator[Complaint]:
        if self.pulse.gap_from and self.channel.can.history and not self.sources and not self.rules.reconcile:
            says = f"it was silent for longer than usual from {_when(self.pulse.gap_from)} on: look what is missing"
            yield "troubled", says, f"Bring it in: omnichannel reconcile {self.channel.name}"

    def _silence(self) -> Iterator[Complaint]:
        if self.sources:
            return  # somebody looks, and it can be read: there is nothing
        if not self.pulse.heard_at:
            yield (
                "quiet",
                "nothing was ever heard on it",
                self._ask("Write to it, and see whether that arrives"),
            )
        elif self.now - self.pulse.heard_at > self.patient:
            says = f"last heard {_when(self.pulse.heard_at)}, longer ago than usual"
            yield "quiet", says, self._ask(self._and_then("Write to it, and see whether that arrives"))

    def _ask(self, cure: str) -> str:
        said = next((one.what for one in self.asked if one.ok), "")
        return f"Its platform says: {said}" if said else cure


def _wire(look: Look) -> Wire:
    return Wire(
        name=look.source, looked_at=_at(look.looked_at), trouble=look.trouble, since=_at(look.trouble_at)
    )


def _at(at: int) -> datetime | None:
    return moment(at) if at else None


def _when(at: int) -> str:
    return f"{moment(at):%Y-%m-%d %H:%M} UTC"
