"""What one message means for the inbox: who wrote it, which conversation it belongs to, and that it is there."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from omnichannel.channel import Channel
from omnichannel.clock import micros
from omnichannel.identity import mentioned, unproven
from omnichannel.inbox import history, merging, updating
from omnichannel.inbox.echoes import came_over, recognise, vouched
from omnichannel.inbox.placing import Place, Placer
from omnichannel.inbox.rights import sorting
from omnichannel.inbox.rules import Rules
from omnichannel.model import Address, Direction, Event, Evidence, Party, Received, Strength, Updated
from omnichannel.store import Tx, blocks, conversations, externals, facts, messages, people, queue, records
from omnichannel.store.arrivals import Arrival
from omnichannel.store.marking import item_mark

BACK = {"because": "whoever wrote it was blocked until now"}
"""What is written down beside a message that was held back."""

LATE = {"because": "the platform's record had it, and nothing had told us"}
"""What is written down beside a message that `reconcile` brought in."""


def writer(event: Received) -> Party:
    """Who wrote a message, as far as that is proven."""
    return event.sender if event.strength.proves else unproven(event.sender)


def nobodys(event: Received) -> Received:
    """What calls itself ours, is no call of ours, and is proven by nobody: a stranger wrote our address into a mail.

    As our own it would stand in the conversation of whoever it names, and prove them to be there.
    """
    return event.model_copy(
        update={
            "direction": Direction.INBOUND,
            "correlator": "",
            "automatic": event.automatic or "auto_generated",
        }
    )


def twin(event: Received) -> str:
    """Under which id a message is kept whose own was taken by other bytes."""
    return f"{event.external_id}#{event.fingerprint[:16]}"


class Recorder:
    """Records the events of one delivery, inside one transaction."""

    def __init__(
        self,
        tx: Tx,
        channel: Channel,
        arrival: Arrival,
        events: Sequence[Event],
        *,
        handled: bool,
        rules: Rules,
        accounts: Collection[str] = (),
        listens: bool = False,
    ) -> None:
        self.tx = tx
        self.channel = channel
        self.arrival = arrival
        self.events = events
        self.rules = rules
        self.accounts = accounts
        self.past = arrival.delivery.source == "history"
        self.late = arrival.delivery.source == "gap"
        self.listens = listens  # also to who is blocked: what was held back is brought in
        self.aside = 0  # how many items of it were held back
        self.places: list[int] = []  # the conversation of each message that was written down
        self.handled = handled and not self.past
        received_at = None if self.late or listens else arrival.delivery.received_at
        self.received_at = micros(received_at) if received_at else tx.now()

    @property
    def written(self) -> int:
        """How many messages were written down."""
        return len(self.places)

    def received(self, event: Received) -> None:
        """Record a message, unless it was recorded before."""
        if self.past and event.sent_at:
            self.received_at = micros(event.sent_at)  # it came to us then; only to this inbox it comes now
        if self.past and history.is_filed(event):
            self._filed_as_ours(event)
            return
        if event.direction is Direction.OUTBOUND:
            if self._said_by_us(event):
                return
            event = nobodys(event)
        if self._is_held_back(event):
            return
        number = self.tx.ids.new()
        external_id = self._claim(event, number)
        if external_id is None:
            return
        self._write(event, number, external_id, self._meet(event, number))

    def updated(self, event: Updated) -> None:
        """Apply what happened to an earlier message, unless it was applied before."""
        if self._is_held_back(event):
            return
        if not externals.claim_external(self.tx, self.channel.name, event.kind, event.external_id, 0):
            return
        updating.apply(self.tx, self.channel, event)

    def _is_held_back(self, event: Received | Updated) -> bool:
        """Whether nobody listens to who said that: then nothing of it is written down but where it stands."""
        if self.past or self.listens:
            return False
        block = self.block_of(event)
        if block is None or self._is_known(event):
            return False
        mark = sorting.own_mark(self.tx, self.channel.name, event)
        # What one delivery holds was said in this order.
        at = self.received_at + self.aside
        self.aside += 1
        blocks.hold_back(self.tx, block, blocks.Item(at, mark, self.arrival.id))
        return True

    def block_of(self, event: Received | Updated, but: int = 0) -> int | None:
        """The block, but for one, under which something is said; None where somebody listens.

        What happens to a message that is aside is aside with it. Beside that, a blocked sender speaks to us by new
        words, by reactions, and by coming over with a token; they may still take back what they said.
        """
        if isinstance(event, Received):
            inbound = event.direction is Direction.INBOUND
            return self._covering(writer(event).address, but) if inbound else None
        if event.status is not None:
            return None
        for target in event.targets:
            mark = item_mark(self.tx, self.channel.name, "message", target)
            if (block := blocks.holder(self.tx, mark)) not in (None, but):
                return block
        speaks = event.kind in ("edited", "reaction") or event.tokens
        return self._covering(event.sender.address, but) if event.sender and speaks else None

    def _covering(self, address: Address, but: int) -> int | None:
        return blocks.covering(self.tx, address, self.tx.now() if but else self.received_at, but)

    def _is_known(self, event: Received | Updated) -> bool:
        what = "message" if isinstance(event, Received) else event.kind
        known = externals.by_external(self.tx, self.channel.name, event.external_id, what)
        bytes_ = event.fingerprint if isinstance(event, Received) else ""
        return known is not None and (not bytes_ or known[1] == bytes_)

    def _claim(self, event: Received, number: int) -> str | None:
        """Take the platform's id; None for a duplicate.

        Where ids can be forged, the same id on other bytes is another message: it gets an id of its own.
        """
        account = self.channel.name
        if externals.claim_external(
            self.tx, account, "message", event.external_id, number, event.fingerprint
        ):
            return event.external_id
        known = externals.by_external(self.tx, account, event.external_id)
        if not event.fingerprint or known is None or known[1] == event.fingerprint:
            return None
        if self.past and history.is_copy(self.tx, known, event):
            return None
        other = twin(event)
        taken = externals.claim_external(self.tx, account, "message", other, number, event.fingerprint)
        return other if taken else None

    def _meet(self, event: Received, number: int) -> people.Person:
        """Who wrote, with everything that the message says about their other addresses."""
        sender = writer(event)
        person = people.meet(self.tx, sender, event.strength, event.method, number, self.received_at)
        evidence = (*event.evidence, *self._named(event), *self._twin(event, person))
        if sender.name or evidence:
            person = self._told(event, person, sender.name, evidence, self.tx.ids.show("message", number))
        return person

    def _told(
        self, event: Received, person: people.Person, name: str, evidence: Sequence[Evidence], source: str
    ) -> people.Person:
        """Write down what a message tells of its writer; who they are by then."""
        tx, at = self.tx, self.received_at
        if evidence and person.id not in tx.memory.new:
            # It may be what shows that the address has a new owner: then all that is said is theirs.
            if merging.add_evidence(tx, person, evidence, source=source, at=at):
                person = people.holder(tx, person, at)
            evidence = ()
        anew = bool(name) and merging.say(tx, person, facts.NAME, name, event.strength, source=source, at=at)
        anew = merging.add_evidence(tx, person, evidence, source=source, at=at) or anew
        return people.holder(tx, person, at) if anew else person

    def _twin(self, event: Received, person: people.Person) -> list[Evidence]:
        """Who was proven and who only said so under the same address: they may be one, and that is all."""
        address = event.sender.address
        if event.strength.proves and not self.channel.can.letters:
            return []  # where every sender is proven there are no others
        other = unproven(event.sender).address if event.strength.proves else address
        if other == person.address or people.find(self.tx, other) is None:
            return []
        because = "a message names it as its sender, and nothing proves that"
        return [Evidence(address=other, strength=Strength.ASSERTED, method="from", because=because)]

    def _named(self, event: Received) -> list[Evidence]:
        """Addresses typed in a chat. Mail is full of other people's addresses, so there none are read."""
        text = event.text
        if self.channel.can.letters or ("@" not in text and "+" not in text):
            return []
        own = self.channel.own_address
        return [
            Evidence(
                address=address,
                strength=Strength.ASSERTED,
                method="mentioned",  # whose it is, no program can tell from the words
                because=f"wrote {address.value} in a message",
            )
            for address in mentioned(text)
            if address != own
        ]

    def _write(self, event: Received, number: int, external_id: str, person: people.Person) -> None:
        tx = self.tx
        place = self._place(event, person)
        conversation, person = place.conversation, place.person
        # Whose a conversation is, another worker may have changed, unless it is held.
        if person.id != place.asker or conversation not in tx.memory.conversations:
            conversations.take_part(tx, person.id, conversation)
        said = self._saying(event, person, external_id, place.because)
        written = self._put_down(number, place, said, "message.received")
        # A machine's mail and a thread that another app holds are kept and shown, but nobody answers them.
        if self.handled and event.automatic is None and not event.readonly:
            queue.add(tx, conversation, written.seq, number)
        self._catch_up(external_id)

    def _place(self, event: Received, person: people.Person) -> Place:
        if self.past:
            return history.place(self.tx, self.channel, event, person, self.received_at)
        return Placer(self.tx, self.channel, self.events, self.received_at, self.rules).place(event, person)

    def _saying(
        self, event: Received, peer: people.Person, external_id: str, because: str
    ) -> messages.Saying:
        """The message as it is written down; only what a customer says has a strength."""
        inbound = event.direction is Direction.INBOUND
        return messages.Saying(
            account=self.channel.name,
            kind=self.channel.kind,
            direction=event.direction,
            public=event.public,
            peer=None if event.direction is Direction.INTERNAL else peer.id,
            agent=event.agent,
            strength=event.strength.value if inbound else "",
            sent_at=self._sent_at(event),
            external_id=external_id,
            delivery=self.arrival.id,
            because=because,
            content=messages.content_of(event, late=self.late, past=self.past),
        )

    def _sent_at(self, event: Received) -> int:
        """When it was said; what was held back, when it came."""
        came_at = self.arrival.delivery.received_at if self.listens else None
        said_at = event.sent_at or came_at
        return micros(said_at) if said_at else self.received_at

    def _put_down(self, number: int, place: Place, said: messages.Saying, what: str) -> messages.Written:
        """Write the message, and what happened: in the past, only that it was brought in."""
        self.places.append(place.conversation)
        written = messages.write(self.tx, place.conversation, number, said, received_at=self.received_at)
        records.happened(
            self.tx,
            "message.imported" if self.past else what,
            conversation=place.conversation,
            customer=place.person.customer,
            message=number,
            detail=BACK if self.listens else LATE if self.late else None,
        )
        return written

    def _catch_up(self, external_id: str) -> None:
        """Apply what came before the message that it is about."""
        for update in externals.take_early(self.tx, self.channel.name, external_id):
            updating.apply(self.tx, self.channel, update)

    def _said_by_us(self, event: Received) -> bool:
        """An echo: our own call coming back, or what somebody of ours said in the platform's own app.

        False for what only says so.
        """
        tx, account, event = self.tx, self.channel.name, self._addressed(event)
        others = (name for name in self.accounts if name != account)
        if recognise(tx, account, event) or came_over(tx, account, others, event, self.received_at):
            self._catch_up(event.external_id)
            return True
        if not vouched(event):
            return False
        if not event.recipients:
            return True
        number = tx.ids.new()
        if not externals.claim_external(tx, account, "message", event.external_id, number, event.fingerprint):
            return True
        peer = event.recipients[0]
        person = people.meet(tx, peer, Strength.VERIFIED, "platform_id", number, self.received_at)
        place = self._place(event, person)
        because = place.because if self.past else "said outside omnichannel, in the platform's own app"
        said = self._saying(event, place.person, event.external_id, because)
        self._put_down(number, place, said, "message.sent_elsewhere")
        self._catch_up(event.external_id)
        return True

    def _filed_as_ours(self, event: Received) -> None:
        """Our own words, or a note of ours, out of an archive: whoever brings it in says so."""
        tx, account = self.tx, self.channel.name
        if not event.recipients or history.is_our_call(tx, account, event):
            return
        number = tx.ids.new()
        external_id = self._claim(event, number)
        if external_id is None:
            return
        person = history.addressee(tx, account, event, self.received_at)
        place = self._place(event, person)
        said = self._saying(event, place.person, external_id, place.because)
        self._put_down(number, place, said, "message.imported")

    def _addressed(self, event: Received) -> Received:
        """In public, some platforms only name what was answered: it was said to whoever wrote that."""
        if event.recipients or not event.reply_to:
            return event
        known = externals.by_external(self.tx, self.channel.name, event.reply_to)
        peer = messages.held(self.tx, known[0]).peer if known else None
        if peer is None:
            return event
        return event.model_copy(update={"recipients": (people.get(self.tx, peer).party,)})
