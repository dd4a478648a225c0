"""Asking the address itself: the code proves a claim or drops it, bombs nobody, and tells nobody who is a customer."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omnichannel import Inbox, Rules
from omnichannel.errors import Conflict, KeyConflict, NotFound, Unsupported, UsageError
from omnichannel.identity.codes import find_codes, new_code, spelled
from omnichannel.inbox.wording import WORDINGS, wording
from omnichannel.model import Address, Capabilities, Challenge, Claim, Message, Party, TextLimit
from tests.chat import Chat, FarEnd, Letter, delivery
from tests.engines import HandClock, dump

MINE = "anna@home.example"
WRONG = [spelled(new_code(number.to_bytes(8))) for number in range(1, 50)]


class Mail(Letter):
    """Mail, as far as it matters here: addresses of kind `email`."""

    kind = "email"


class Texts(Chat):
    """Text messages: a number is enough to write to."""

    kind = "sms"
    can = Capabilities(text=TextLimit(size=1000), reaches=frozenset({"phone"}))

    def party(self, who: str, name: str = "") -> Party:
        return Party(address=Address(kind="phone", value=who), name=name)


class Desk:
    """A chat where people say who they are, and a mailbox and a number that reach whom they name."""

    def __init__(self, url: str, clock: HandClock, rules: Rules | None = None) -> None:
        self.clock = clock
        self.far = {"chat": FarEnd(), "mail": FarEnd(), "sms": FarEnd()}
        accounts = [
            Chat("chat", self.far["chat"]),
            Mail("mail", self.far["mail"]),
            Texts("sms", self.far["sms"]),
        ]
        self.inbox = Inbox(url, accounts, clock=clock, rules=rules)

    async def heard(self, text: str, who: str = "anna", on: str = "chat", **more: Any) -> Message:
        number = len(await self.inbox.events(most=100_000))
        await self.inbox.receive(on, delivery({"id": f"m{number}", "from": who, "text": text, **more}))
        await self.inbox.work()
        (event, *_) = [
            e for e in (await self.inbox.events(most=100_000))[number:] if e.what == "message.received"
        ]
        return await self.inbox.conversations.message(event.message)

    async def claimed(self, who: str = "anna", what: str = MINE) -> str:
        """Somebody says in the chat that an address is theirs; the claim's id."""
        await self.heard(f"I am {what}", who)
        return (await self.claim_of(who, what)).id

    async def claim_of(self, who: str = "anna", what: str = MINE) -> Claim:
        customer = await self.inbox.customers.find(Address(kind="chat", value=who))
        assert customer is not None
        claims = await self.inbox.identity.claims(customer.id)
        return next(c for c in claims if c.method == "mentioned" and c.other and c.other.value == what)

    async def challenge(self, claim: str, **more: Any) -> tuple[Challenge, str]:
        """Send a challenge; what became of it, and the code that arrived."""
        asked = await self.inbox.identity.challenge(claim, **more)
        await self.inbox.work()
        return asked, self.arrived(asked.account)

    def arrived(self, on: str = "mail") -> str:
        """The code in the last message on an account."""
        (code,) = find_codes(self.far[on].said[-1]["text"])
        return spelled(code)

    async def status(self, who: str = "anna") -> list[str]:
        customer = await self.inbox.customers.find(Address(kind="chat", value=who))
        assert customer is not None
        return [asked.status for asked in await self.inbox.identity.challenges(customer.id)]

    async def one_customer(self, who: str = "anna", what: str = MINE) -> bool:
        found = [await self.inbox.customers.find(Address(kind="chat", value=who))]
        found.append(
            await self.inbox.customers.find(Address(kind="email" if "@" in what else "phone", value=what))
        )
        assert all(found)
        return found[0].id == found[1].id  # type: ignore[union-attr]

    async def happened(self, start: str) -> list[str]:
        return [e.what for e in await self.inbox.events(most=100_000) if e.what.startswith(start)]


@pytest.fixture
def desk(desk_url: str, clock: HandClock) -> Iterator[Desk]:
    made = Desk(desk_url, clock)
    yield made
    asyncio.run(made.inbox.close())


@pytest.fixture
def desks(clock: HandClock) -> Iterator[Callable[[Rules], Desk]]:
    made: list[Desk] = []

    def make(rules: Rules) -> Desk:
        made.append(Desk("sqlite:///:memory:", clock, rules))
        return made[-1]

    yield make
    for each in made:
        asyncio.run(each.inbox.close())


# --------------------------------------------------------------------------------------------- it comes back


@pytest.mark.parametrize("back", ["typed where it was claimed", "sent back from there"])
async def test_the_code_proves_the_claim(desk: Desk, back: str) -> None:
    """Typed in the very chat, or sent from the address itself: both are one customer, verified, and it is said why."""
    asked, code = await desk.challenge(await desk.claimed())
    assert (asked.status, asked.claimant.value, asked.claimed.value) == ("waiting", "anna", MINE)
    assert not await desk.one_customer()
    await (desk.heard(f"here: {code}") if back.startswith("typed") else desk.heard(code, MINE, "mail"))
    assert await desk.one_customer()
    assert await desk.status() == ["proven"]
    mine = Address(kind="email", value=MINE)
    customer = await desk.inbox.customers.find(mine)
    assert customer is not None
    assert {reached.strength for reached in customer.addresses} == {"verified"}
    why = await desk.inbox.identity.explain(Address(kind="chat", value="anna"), mine)
    assert "the code that was sent to email::anna@home.example came back from" in why[0]
    proof = [c for c in await desk.inbox.identity.claims(customer.id) if c.method == "token" and c.other]
    assert [(c.strength, c.source) for c in proof] == [("verified", asked.message)]
    assert await desk.happened("claim.") == ["claim.challenged", "claim.proven"]


async def test_then_we_can_write_there(desk: Desk) -> None:
    """Before, nothing may be sent to an address that somebody only claims; and it can be undone."""
    chat = await desk.heard(f"I am {MINE}")
    with pytest.raises(Unsupported, match="proven"):
        await desk.inbox.conversations.reply(chat.conversation, "hello", on="mail")
    _, code = await desk.challenge((await desk.claim_of()).id)
    await desk.heard(code)
    await desk.inbox.conversations.reply(chat.conversation, "hello", on="mail")
    customer = await desk.inbox.customers.find(Address(kind="chat", value="anna"))
    assert customer is not None
    (proof,) = [c for c in await desk.inbox.identity.claims(customer.id) if c.method == "token" and c.other]
    await desk.inbox.identity.undo([proof.id], actor="zoe")
    assert not await desk.one_customer()


async def test_a_text_message_does_as_well(desk: Desk) -> None:
    """To whichever account reaches the address; by name or kind if one is asked for."""
    claim = await desk.claimed(what="+31612345678")
    asked, code = await desk.challenge(claim)
    assert asked.account == "sms"
    await desk.heard(code)
    assert await desk.one_customer(what="+31612345678")
    with pytest.raises(Unsupported, match="no account reaches"):
        await desk.inbox.identity.challenge(await desk.claimed("ben", "+31612345679"), on="mail")


async def test_the_message_says_nothing_of_who_claims_and_shows_its_code_to_nobody_else(desk: Desk) -> None:
    """It is in a closed conversation of the claimed address, with the code hidden: a program that reads along in the
    claimant's conversation can tell nobody. Nor does the chat say anything."""
    chat = await desk.heard(f"I am {MINE}")
    asked, code = await desk.challenge((await desk.claim_of()).id)
    message = await desk.inbox.conversations.message(asked.message)
    assert message.conversation != chat.conversation
    assert message.author is not None
    assert message.author.address.value == MINE
    assert code not in message.text
    assert "····-····-····" in message.text
    assert (await desk.inbox.conversations.get(message.conversation)).status == "closed"
    assert desk.far["chat"].said == []
    sent = desk.far["mail"].said[0]
    assert code in sent["text"]
    assert "anna" not in sent["text"].replace(MINE, "")
    customer = await desk.inbox.customers.find(Address(kind="chat", value="anna"))
    assert customer is not None
    assert message.id not in {one.id for one in await desk.inbox.customers.timeline(customer.id)}


async def test_whether_we_know_the_address_changes_nothing_for_who_claims_it(desk: Desk) -> None:
    """The same code is sent, the same silence follows: nobody finds out who is a customer."""
    await desk.heard("an old question", "known@home.example", "mail")
    for who, address in (("eve", "known@home.example"), ("mallory", "unknown@home.example")):
        asked, _ = await desk.challenge(await desk.claimed(who, address))
        assert asked.status == "waiting"
    assert desk.far["chat"].said == []
    sent = [re.sub(r"\d", "#", one["text"]) for one in desk.far["mail"].said]
    assert sent[0] == sent[1]


# ------------------------------------------------------------------------------------------------ it does not


@pytest.mark.parametrize("who", ["a third person", "somebody else in mail", "the address, unproven"])
async def test_from_anybody_else_the_code_proves_nothing(desk: Desk, who: str) -> None:
    """Whoever read it over her shoulder, or forges the claimed address, is nobody."""
    _, code = await desk.challenge(await desk.claimed())
    if who == "a third person":
        await desk.heard(code, "eve")
    elif who == "somebody else in mail":
        await desk.heard(code, "eve@x.example", "mail")
    else:
        await desk.heard(code, MINE, "mail", strength="asserted")
    assert not await desk.one_customer()
    assert await desk.status() == ["waiting"]
    await desk.heard(code)
    assert await desk.one_customer()


async def test_a_code_that_comes_too_late_proves_nothing_and_the_claim_is_dropped(desk: Desk) -> None:
    """A revocation in the journal: it is suggested to nobody any more."""
    _, code = await desk.challenge(await desk.claimed())
    assert len(await desk.inbox.identity.suggestions()) == 1
    desk.clock.advance(days=1)
    await desk.heard(f"late: {code}")
    assert not await desk.one_customer()
    assert await desk.status() == ["dropped"]
    assert (await desk.claim_of()).revoked
    assert await desk.inbox.identity.suggestions() == []
    assert await desk.happened("claim.") == ["claim.challenged", "claim.dropped"]


async def test_a_code_works_until_its_last_moment(desk: Desk) -> None:
    _, code = await desk.challenge(await desk.claimed())
    desk.clock.advance(days=1, microseconds=-1)
    await desk.heard(code)
    assert await desk.one_customer()


async def test_asking_for_the_status_is_enough_to_drop_what_is_overdue(desk: Desk) -> None:
    await desk.challenge(await desk.claimed())
    desk.clock.advance(days=1)
    assert await desk.status() == ["dropped"]


async def test_five_wrong_codes_drop_the_claim(desk: Desk) -> None:
    """And the right one comes too late then."""
    _, code = await desk.challenge(await desk.claimed())
    for number in range(5):
        assert await desk.status() == ["waiting"]
        await desk.heard(WRONG[number])
    assert await desk.status() == ["dropped"]
    assert (await desk.claim_of()).revoked
    await desk.heard(code)
    assert not await desk.one_customer()


async def test_wrong_codes_of_others_count_for_nothing(desk: Desk) -> None:
    """Neither strangers nor the claimed address can have somebody's claim dropped."""
    _, code = await desk.challenge(await desk.claimed())
    for number in range(4):
        await desk.heard(WRONG[number], "eve")
        await desk.heard(WRONG[number], MINE, "mail")
    assert await desk.status() == ["waiting"]
    await desk.heard(code)
    assert await desk.one_customer()


async def test_a_later_code_takes_the_place_of_the_first(desk: Desk) -> None:
    claim = await desk.claimed()
    _, first = await desk.challenge(claim)
    _, second = await desk.challenge(claim)
    await desk.heard(first)
    assert not await desk.one_customer()
    await desk.heard(second)
    assert await desk.one_customer()
    assert await desk.status() == ["replaced", "proven"]


async def test_never_these_two_holds_against_a_code(desk: Desk) -> None:
    """An operator's word beats the proof, and it is said so."""
    claim = await desk.claimed()
    chat, mail = Address(kind="chat", value="anna"), Address(kind="email", value=MINE)
    _, code = await desk.challenge(claim)
    await desk.inbox.identity.refuse(chat, mail, actor="zoe")
    await desk.heard(code)
    assert not await desk.one_customer()
    assert "never" in " ".join(await desk.inbox.identity.explain(chat, mail))


# ---------------------------------------------------------------------------------------- nobody is bombed


async def test_an_address_gets_three_codes_a_day_whoever_claims_it(desk: Desk) -> None:
    claims = [await desk.claimed(f"eve{number}") for number in range(4)]
    for claim in claims[:3]:
        await desk.challenge(claim)
    with pytest.raises(Conflict, match="3 codes were sent to this address within a day"):
        await desk.inbox.identity.challenge(claims[3])
    assert len(desk.far["mail"].said) == 3
    desk.clock.advance(days=1)
    await desk.challenge(claims[3])


async def test_somebodys_claims_are_challenged_three_times_a_day(desk: Desk) -> None:
    claims = [await desk.claimed("eve", f"victim{number}@home.example") for number in range(4)]
    for claim in claims[:3]:
        await desk.challenge(claim)
    with pytest.raises(Conflict, match="3 claims of this sender were challenged within a day"):
        await desk.inbox.identity.challenge(claims[3])


async def test_a_workspace_sends_only_so_many_an_hour(desks: Callable[[Rules], Desk]) -> None:
    desk = desks(Rules(challenges_in_all=2))
    claims = [await desk.claimed(f"p{number}", f"p{number}@home.example") for number in range(3)]
    for claim in claims[:2]:
        await desk.challenge(claim)
    with pytest.raises(Conflict, match="2 codes were sent within an hour"):
        await desk.inbox.identity.challenge(claims[2])
    desk.clock.advance(hours=1)
    await desk.challenge(claims[2])


# ------------------------------------------------------------------------------------ what cannot be asked


async def test_what_is_settled_is_not_asked_again(desk: Desk) -> None:
    """Proven, taken back, and one customer already by other means."""
    claim = await desk.claimed()
    _, code = await desk.challenge(claim)
    await desk.heard(code)
    with pytest.raises(Conflict, match="proven to be one customer's already"):
        await desk.inbox.identity.challenge(claim)
    other = await desk.claimed("ben", "ben@home.example")
    await desk.inbox.identity.undo([other], actor="zoe")
    with pytest.raises(Conflict, match="taken back"):
        await desk.inbox.identity.challenge(other)


async def test_only_what_somebody_says_of_a_second_address_can_be_asked(desk: Desk) -> None:
    await desk.heard("hello")
    customer = await desk.inbox.customers.find(Address(kind="chat", value="anna"))
    assert customer is not None
    (control,) = await desk.inbox.identity.claims(customer.id)
    with pytest.raises(UsageError, match="second address"):
        await desk.inbox.identity.challenge(control.id)
    for nothing in ("x", "019cadc6-9a80-7004-804a-92d9488cd192", customer.id):
        with pytest.raises(NotFound):
            await desk.inbox.identity.challenge(nothing)


async def test_nobody_is_joined_to_whom_nothing_proves(desk: Desk) -> None:
    """A forged From and the real address: a code would join every later forgery."""
    await desk.heard("real", MINE, "mail")
    await desk.heard("forged", MINE, "mail", strength="asserted")
    (suggestion,) = await desk.inbox.identity.suggestions()
    with pytest.raises(UsageError, match="later forgery"):
        await desk.inbox.identity.challenge(suggestion.id)
    assert desk.far["mail"].said == []


async def test_a_suggestion_can_be_challenged_by_its_own_id(desk: Desk) -> None:
    await desk.claimed()
    (suggestion,) = await desk.inbox.identity.suggestions()
    _, code = await desk.challenge(suggestion.id)
    await desk.heard(code)
    assert await desk.inbox.identity.suggestions() == []


# -------------------------------------------------------------------------------------------------- words


@pytest.mark.parametrize("language", sorted(WORDINGS))
async def test_it_is_asked_in_several_languages(desk: Desk, language: str) -> None:
    _, code = await desk.challenge(await desk.claimed(), language=language)
    sent = desk.far["mail"].said[0]
    assert sent["text"] == WORDINGS[language].text.replace("{code}", code)
    assert sent["subject"] == WORDINGS[language].subject


def test_every_wording_has_its_code_once_and_a_subject() -> None:
    for words in WORDINGS.values():
        assert words.text.count("{code}") == 1
        assert words.subject.endswith("?")
        assert len({words.text for words in WORDINGS.values()}) == len(WORDINGS)


async def test_the_words_can_be_ones_own(desk: Desk) -> None:
    """Whatever stands in them is not looked into, but for the place of the code."""
    _, code = await desk.challenge(await desk.claimed(), words="{0} %s {code} {}")
    assert desk.far["mail"].said[0]["text"] == f"{{0}} %s {code} {{}}"


@pytest.mark.parametrize("words", ["no place", "{code} {code}"])
def test_words_without_a_place_for_the_code_are_refused(words: str) -> None:
    with pytest.raises(UsageError, match=r"say \{code\} once"):
        wording("en", words)


def test_an_unknown_language_names_those_there_are() -> None:
    with pytest.raises(UsageError, match="'tlh' is not known.*en, nl"):
        wording("tlh")


async def test_an_account_that_cannot_carry_it_gives_way_to_the_next(desk: Desk) -> None:
    """What the last one says against it is told if none can."""
    claim = await desk.claimed(what="+31612345678")
    with pytest.raises(UsageError, match="1000 characters"):
        await desk.inbox.identity.challenge(claim, words="{code}" + "x" * 1000)
    assert await desk.status() == []
    assert await desk.happened("claim.") == []


# ------------------------------------------------------------------------------------------- whatever happens

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["right", "wrong", "wait"]),
        st.sampled_from([("anna", "chat"), ("eve", "chat"), (MINE, "mail"), ("eve@x.example", "mail")]),
    ),
    max_size=10,
)


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_a_claim_is_proven_only_by_the_right_code_from_the_two_that_it_is_about(
    steps: list[tuple[str, tuple[str, str]]],
) -> None:
    """In any order of tries, waiting and people; once settled it stays settled."""

    async def story() -> None:
        desk = Desk("sqlite:///:memory:", HandClock())
        _, code = await desk.challenge(await desk.claimed())
        expected, wrong, hours = "waiting", dict.fromkeys(["anna", "eve", MINE, "eve@x.example"], 0), 0
        for number, (what, (who, on)) in enumerate(steps):
            if what == "wait":
                desk.clock.advance(hours=11)
                hours += 11
                expected = "dropped" if expected == "waiting" and hours >= 24 else expected
                continue
            await desk.heard(f"{number}. {code if what == 'right' else WRONG[number]}", who, on)
            guess = what == "wrong" or expected != "waiting" or who not in ("anna", MINE)
            if not guess and wrong[who] < 5:
                expected = "proven"
            elif guess and wrong[who] < 5:
                wrong[who] += 1
                if expected == "waiting" and wrong["anna"] >= 5:
                    expected = "dropped"
        assert await desk.status() == [expected]
        assert await desk.one_customer() is (expected == "proven")
        assert (await desk.claim_of()).revoked is (expected == "dropped")
        assert len(dump(desk.inbox.open())["challenges"]) == 1
        await desk.inbox.close()

    asyncio.run(story())


# ----------------------------------------------------------------------------------------- under a key


async def test_under_the_same_key_it_is_asked_once(desk: Desk) -> None:
    """No second code goes out, and the first one works still; with other words it is another order."""
    claim = await desk.claimed()
    asked, code = await desk.challenge(claim, idempotency_key="ask-1")
    again, _ = await desk.challenge(claim, idempotency_key="ask-1")
    assert again == asked
    assert len(desk.far["mail"].said) == 1
    with pytest.raises(KeyConflict):
        await desk.challenge(claim, language="nl", idempotency_key="ask-1")
    await desk.heard(code)
    assert await desk.one_customer()
    done, _ = await desk.challenge(claim, idempotency_key="ask-1")
    assert (done.id, done.status) == (asked.id, "proven")


async def test_many_at_once_under_the_same_key_ask_once(desk: Desk) -> None:
    claim = await desk.claimed()
    ask = desk.inbox.identity.challenge
    found = await asyncio.gather(*(ask(claim, idempotency_key="ask-1") for _ in range(9)))
    await desk.inbox.work()
    assert len({asked.id for asked in found}) == 1
    assert len(desk.far["mail"].said) == 1
