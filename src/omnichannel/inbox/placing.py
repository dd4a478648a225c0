"""Finding the conversation of a message: gathering what the rules in `threads` decide on, and doing it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from omnichannel.channel import Channel
from omnichannel.identity import Token, read_mark
from omnichannel.inbox import correcting
from omnichannel.inbox.returning import Bringer, codes_of, links_of, redeem, redeem_codes
from omnichannel.inbox.rules import KEY, Rules
from omnichannel.model import Event, Received, Strength, Updated
from omnichannel.store import Tx, conversations, externals, meant, messages, people, records
from omnichannel.store.conversations import Spoken
from omnichannel.threads import Candidate, Context, Decision, decide


class Place(NamedTuple):
    """Where a message goes, and who wrote it as they are known now (a token may just have told more)."""

    conversation: int
    because: str
    asker: int
    person: people.Person


def thread_key(thread: str, person: people.Person, *, public: bool) -> str:
    """Under which key a platform's thread is remembered: in public, several people write in one thread.

    Whoever was given somebody's old number goes on in no conversation of theirs.
    """
    key = f"{thread} {person.value}" if public else thread
    return f"{key} since {person.since}" if person.since else key


_KIN = 3  # missing mails, the nearest first, beside where the thread began


def missing(tx: Tx, account: str, event: Received) -> list[str]:
    """The mails that one belongs to and that are not here, or not yet: the nearest, and where it all began."""
    named = dict.fromkeys((event.reply_to, *event.references[: -_KIN - 1 : -1], *event.references[:1]))
    return [
        one
        for one in named
        if one and one != event.external_id and externals.by_external(tx, account, one) is None
    ]


def kin_key(external_id: str, person: people.Person) -> str:
    """Under which key it is remembered that somebody answered a mail that is not here; nobody else finds it."""
    return f"{external_id} with {person.id}"


class Placer:
    """Places the messages of one delivery."""

    def __init__(self, tx: Tx, channel: Channel, events: Sequence[Event], at: int, rules: Rules) -> None:
        self.tx = tx
        self.channel = channel
        self.account = channel.name
        self.events = events
        self.at = at
        self.rules = rules
        self._looked_at: dict[int, Spoken] = {}
        self._missing: list[str] = []

    def place(self, event: Received, person: people.Person) -> Place:
        """Decide, open or reopen the conversation, and tie the platform's thread to it."""
        self._missing = missing(self.tx, self.account, event) if self._is_mail(event) else []
        token, person = self._brought_back(event, person)
        context = self._context(event, person, token)
        decision = decide(context)
        while decision.conversation is not None and self._is_other(decision.conversation):
            context = self._context(event, person, token)
            decision = decide(context)
        number, asker = self._do(decision, event, person)
        tied = context.platform_thread is not None and context.platform_thread.id == number
        if event.thread and decision.reason != "stranger" and not tied:
            conversations.tie(
                self.tx, self.account, thread_key(event.thread, person, public=event.public), number
            )
        if decision.reason != "stranger":
            for one in self._missing:
                conversations.tie(self.tx, self.account, kin_key(one, person), number)
        if decision.reason == "token":
            self._bring_along(event, number, person)
        return Place(number, decision.because, asker, person)

    def _bring_along(self, event: Received, number: int, person: people.Person) -> None:
        """What a token was said in reply to, a call say, goes where the token leads, if nobody else spoke in it."""
        begun = self._conversation_of(event.reply_to) if event.reply_to else None
        if begun is None or begun == number:
            return
        if correcting.begun_alone(self.tx, begun, self.account, person.id):
            correcting.join(self.tx, begun, number, "")

    def _brought_back(self, event: Received, person: people.Person) -> tuple[Token | None, people.Person]:
        """The token that came back with a message, if one did, and its sender as they are known then."""
        links, codes = links_of(event), codes_of(event)
        if not (links or codes):
            return None, person
        bringer = Bringer(self.account, person, event.strength, self.at)
        token = redeem(self.tx, bringer, links) or redeem_codes(self.tx, bringer, codes, self.rules)
        # What came back may show that the address has a new owner: then it is theirs.
        return token, people.holder(self.tx, person, self.at)

    def _is_other(self, number: int) -> bool:
        """Whether a conversation was closed, opened or let go since it was looked at; from now on nobody does so."""
        if not self.tx.skip_locked or number in self.tx.memory.seqs:
            return False  # it is held since before that
        conversations.hold(self.tx, [number])
        now = self.tx.memory.conversations.get(number)
        return now is None or now.open != self._looked_at[number].open

    def _do(self, decision: Decision, event: Received, person: people.Person) -> tuple[int, int]:
        if decision.conversation is None:
            number = conversations.open_conversation(self.tx, event.subject, person.id, self.at)
            detail = {"reason": decision.reason, "because": decision.because}
            if decision.suggested:
                detail["suggested"] = self.tx.ids.show("conversation", decision.suggested)
            self._happened("conversation.opened", number, person, detail)
            return number, person.id
        if decision.reopen and conversations.set_status(self.tx, decision.conversation, closed=False):
            self._happened(
                "conversation.reopened", decision.conversation, person, {"because": decision.because}
            )
        return decision.conversation, self._looked_at[decision.conversation].asker

    def _happened(self, what: str, number: int, person: people.Person, detail: dict[str, str]) -> None:
        records.happened(self.tx, what, conversation=number, customer=person.customer, detail=detail)

    def _context(self, event: Received, person: people.Person, token: Token | None) -> Context:
        proven = Strength(event.strength).proves
        thread = self._by_thread(event, person)
        # Most messages come in a thread that is open: for them nothing else needs to be looked up.
        if thread and thread.is_open and token is None:
            return Context(now=self.at, proven=proven, platform_thread=thread, public=event.public)
        held = 0
        while person.customer != held and people.hold(self.tx, [person.customer]):
            # Another worker may just have opened a conversation for the same customer, or made them another one's.
            held, person = person.customer, people.get(self.tx, person.id)
            thread = self._by_thread(event, person, anew=True)
        going_on = conversations.last_open(self.tx, person.customer)
        return Context(
            now=self.at,
            proven=proven,
            platform_thread=thread,
            token=self._candidate(token.conversation, person) if token else None,
            marked=self._by_mark(event, person),
            referenced=self._by_reference(event, person),
            open=self._seen(going_on, takes_part=True) if going_on else None,
            threads=self.channel.can.threads or event.public,
            has_thread_on_account=self._has_thread(going_on),
            public=event.public,
        )

    def _by_thread(self, event: Received, person: people.Person, *, anew: bool = False) -> Candidate | None:
        vouched = event.public or not self.channel.can.threads
        if not (event.thread and vouched):
            return None
        found = conversations.by_thread(
            self.tx, self.account, thread_key(event.thread, person, public=event.public), anew=anew
        )
        # The key of a public thread names its writer, and a private chat has only one: they take part.
        return self._seen(found, takes_part=True) if found else None

    def _by_mark(self, event: Received, person: people.Person) -> Candidate | None:
        keys = {KEY: self.tx.secret}
        for token in event.tokens:
            # The mark was made for the address; whether the sender is proven to have it is another matter.
            number = read_mark(keys, self.tx.ws, token, event.sender.address)
            if number is not None and (found := self._candidate(number, person)):
                return found
        return None

    def _by_reference(self, event: Received, person: people.Person) -> Candidate | None:
        for external_id in self._answered(event):
            if (number := self._conversation_of(external_id)) is None:
                continue
            if event.automatic == "bounce" and self._is_our_call(external_id):
                # Only who got our mail knows its id: a bounce belongs to what bounced, whoever signs it.
                found = conversations.spoken(self.tx, number)
                return self._seen(found, takes_part=True) if found else None
            return self._candidate(number, person)
        return self._by_missing(event, person) if self._is_mail(event) else None

    def _is_mail(self, event: Received) -> bool:
        """Whether a thread is what messages say of each other, and not a place."""
        return self.channel.can.threads and not event.public

    def _by_missing(self, event: Received, person: people.Person) -> Candidate | None:
        """Where the same person answered this very mail, or the same mail that is not here, before this one came."""
        for external_id in (event.external_id, *self._missing):
            found = conversations.by_thread(self.tx, self.account, kin_key(external_id, person))
            if found:
                return self._candidate(found.id, person)
        return None

    def _answered(self, event: Received) -> Iterator[str]:
        """External ids that a message answers, the nearest first."""
        if event.reply_to:
            yield event.reply_to
        yield from reversed(event.references)
        if event.automatic == "bounce":
            for other in self.events:
                if isinstance(other, Updated):
                    yield from (*other.targets, *((other.correlator,) if other.correlator else ()))

    def _conversation_of(self, external_id: str) -> int | None:
        known = externals.by_external(self.tx, self.account, external_id)
        if known is None:
            call = meant.find(self.tx, self.account, correlator=external_id)
            known = (call[1], "") if call else None
        # Where a message says that it answers itself, its id is taken and it stands nowhere yet.
        return messages.stands_in(self.tx, known[0]) if known else None

    def _is_our_call(self, external_id: str) -> bool:
        return meant.find(self.tx, self.account, correlator=external_id) is not None

    def _candidate(self, number: int, person: people.Person) -> Candidate | None:
        found = conversations.spoken(self.tx, conversations.current(self.tx, number))
        if found is None:
            return None
        return self._seen(found, takes_part=conversations.takes_part(self.tx, person.customer, found.id))

    def _seen(self, found: Spoken, *, takes_part: bool) -> Candidate:
        self._looked_at[found.id] = found
        return Candidate(id=found.id, last_at=found.last_at, is_open=found.open, sender_takes_part=takes_part)

    def _has_thread(self, going_on: Spoken | None) -> bool:
        if going_on is None:
            return False
        return any(account == self.account for account, _ in conversations.threads_of(self.tx, going_on.id))
