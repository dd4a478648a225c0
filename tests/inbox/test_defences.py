"""Each defence is taken away once: then the attack that it is there for succeeds, and otherwise it does not.

So no test of an attack passes for another reason than the one that it names.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from typing import Any, NamedTuple

import pytest

from omnichannel import Inbox
from omnichannel.identity import Token, codes
from omnichannel.inbox import challenging, continuing, returning
from omnichannel.model import Address, Message, Strength
from omnichannel.store import Tx, challenges, people, tokens
from tests.engines import HandClock
from tests.inbox.desk import Desk as Room
from tests.inbox.test_challenges import MINE, Desk
from tests.inbox.test_codes import WRONG, code, wrong

Patch = Callable[[pytest.MonkeyPatch], None]
_redeem, _tried = tokens.redeem, tokens.tried


class Fault(NamedTuple):
    """A defence, how it is taken away, and the attack; whether the attack succeeded is what it returns."""

    defence: str
    remove: Patch
    attack: Callable[[HandClock], Awaitable[bool]]


FAULTS: list[Fault] = []
MADE: list[Inbox] = []


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    """Every inbox that an attack opened is closed after it."""
    yield
    while MADE:
        asyncio.run(MADE.pop().close())


def fault(defence: str, remove: Patch) -> Callable[[Callable[[HandClock], Awaitable[bool]]], Any]:
    def add(attack: Callable[[HandClock], Awaitable[bool]]) -> Any:
        FAULTS.append(Fault(defence, remove, attack))
        return attack

    return add


def put(owner: object, name: str, value: object) -> Patch:
    """One name means something else."""
    return lambda monkeypatch: monkeypatch.setattr(owner, name, value)


def room(clock: HandClock) -> Room:
    made = Room("sqlite:///:memory:", clock)
    MADE.append(made.inbox)
    return made


async def goes_on(
    desk: Room, said: str, chat: Message, who: str = "eve", on: str = "letter", **more: Any
) -> bool:
    """Whether somebody's words landed in a conversation."""
    return (await desk.heard(said, who=who, on=on, **more)).conversation == chat.conversation


# ------------------------------------------------------------------------------------------------- tokens


def _again(tx: Tx, digest: str, account: str, sender: int | None, at: int) -> Token | None:
    found = _redeem(tx, digest, account, sender, at)
    return found or (
        tokens.find(tx, digest) if (known := tokens.find(tx, digest)) and known.used_at else None
    )


@fault("a token works once", put(tokens, "redeem", _again))
async def used_twice(clock: HandClock) -> bool:
    desk = room(clock)
    chat = await desk.heard("question")
    shown = await code(desk, chat.conversation)
    await desk.heard(shown, who="a@b.example", on="letter")
    return await goes_on(desk, shown, chat)


@fault(
    "a token ends",
    put(tokens, "redeem", lambda tx, digest, account, sender, _: _redeem(tx, digest, account, sender, 0)),
)
async def expired(clock: HandClock) -> bool:
    desk = room(clock)
    chat = await desk.heard("question")
    shown = await code(desk, chat.conversation)
    clock.advance(days=2)
    return await goes_on(desk, shown, chat)


def _anywhere(tx: Tx, digest: str, account: str, sender: int | None, at: int) -> Token | None:
    known = tokens.find(tx, digest)
    return _redeem(tx, digest, known.account if known else account, sender, at)


@fault("a token is for one account", put(tokens, "redeem", _anywhere))
async def elsewhere(clock: HandClock) -> bool:
    desk = room(clock)
    chat = await desk.heard("question")
    return await goes_on(desk, await code(desk, chat.conversation, "other"), chat)


def _by_anybody(tx: Tx, digest: str, account: str, sender: int | None, at: int) -> Token | None:
    known = tokens.find(tx, digest)
    return _redeem(tx, digest, account, known.holder if known and known.holder else sender, at)


@fault("a token for one address is for nobody else", put(tokens, "redeem", _by_anybody))
async def stolen(clock: HandClock) -> bool:
    desk = room(clock)
    await desk.heard("hello", who="a@b.example", on="letter")
    chat = await desk.heard("question")
    shown = await code(desk, chat.conversation, to=Address(kind="letter", value="a@b.example"))
    return await goes_on(desk, shown, chat)


_claim = Token.claim


def _trusting(token: Token, sender: int, strength: Strength, *, at: int, source: str = "") -> object:  # noqa: ARG001
    return _claim(token, sender, Strength.VERIFIED, at=at, source=source)


@fault("a token proves no more than its bearer is", put(Token, "claim", _trusting))
async def forged_bearer(clock: HandClock) -> bool:
    desk = room(clock)
    chat = await desk.heard("question")
    shown = await code(desk, chat.conversation)
    await desk.heard(shown, who="victim@b.example", on="letter", strength="asserted")
    return len(await desk.customers()) == 1


@fault("a token given to the unproven joins nobody", put(people, "weakest", lambda strength: strength))
async def forged_receiver(clock: HandClock) -> bool:
    desk = room(clock)
    mail = await desk.heard("it is me", who="victim@b.example", on="letter", strength="asserted")
    shown = await code(desk, mail.conversation, "chat")
    await desk.heard(shown, who="eve")
    return len((await desk.customer("eve")).addresses) > 1


# --------------------------------------------------------------------------------------------- guessing


@fault(
    "one sender's wrong codes are counted",
    put(tokens, "tried", lambda tx, since, who="": 0 if who else _tried(tx, since)),
)
async def one_guesser(clock: HandClock) -> bool:
    desk = room(clock)
    chat = await desk.heard("question")
    shown = await code(desk, chat.conversation)
    await wrong(desk, 9)
    return await goes_on(desk, shown, chat)


@fault(
    "everybody's wrong codes are counted",
    put(tokens, "tried", lambda tx, since, who="": _tried(tx, since, who) if who else 0),
)
async def many_guessers(clock: HandClock) -> bool:
    desk = room(clock)
    chat = await desk.heard("question")
    shown = await code(desk, chat.conversation)
    for guesser in range(100):
        await wrong(desk, 1, who=f"eve{guesser}", start=guesser)
    return await goes_on(desk, shown, chat)


@fault("a message is three tries at most", put(returning, "_MOST_CODES", 100))
async def all_at_once(clock: HandClock) -> bool:
    desk = room(clock)
    chat = await desk.heard("question")
    shown = await code(desk, chat.conversation)
    return await goes_on(desk, ", ".join((*WRONG[:3], shown)), chat)


@fault("only so many codes work at a time", put(tokens, "live_short", lambda tx, account, at: 0))  # noqa: ARG005
async def a_flood_of_codes(clock: HandClock) -> bool:
    desk = room(clock)
    chat = await desk.heard("question")
    for _ in range(desk.inbox.rules.live_codes):
        await code(desk, chat.conversation)
    try:
        await code(desk, chat.conversation)
    except Exception:  # noqa: BLE001 - that it is refused is all
        return False
    return True


@fault("a slip is no try", put(codes, "is_code", lambda token: len(token) == codes.DIGITS))
async def locked_out_by_slips(clock: HandClock) -> bool:
    desk = room(clock)
    chat = await desk.heard("question")
    shown = await code(desk, chat.conversation)
    for off in range(1, 6):
        await desk.heard(shown[:-1] + str((int(shown[-1]) + off) % 10), who="anna", on="letter")
    return not await goes_on(desk, shown, chat, who="anna")


@fault("an agent's wrong codes are counted", put(continuing, "count_wrong", lambda *_: None))
async def a_talked_over_agent(clock: HandClock) -> bool:
    desk = room(clock)
    await desk.inbox.add_agent("zoe")
    chat = await desk.heard("question")
    shown = await code(desk, chat.conversation)
    for guess in (*WRONG[:20], shown):
        try:
            await desk.inbox.conversations.redeem(guess, on="letter", agent="zoe")
        except Exception:  # noqa: BLE001, S112 - whatever it says, the caller goes on guessing
            continue
        return True
    return False


# --------------------------------------------------------------------------------------- where it is looked for


def _everything(event: Any) -> tuple[str, ...]:
    return codes.find_codes(event.text)


def _look_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    from omnichannel.inbox import placing

    monkeypatch.setattr(placing, "codes_of", _everything)


@fault("what everybody reads is not looked at", _look_everywhere)
async def used_up_in_public(clock: HandClock) -> bool:
    desk = room(clock)
    chat = await desk.heard("question")
    shown = await code(desk, chat.conversation, "other")
    await desk.heard(f"see {shown}", who="anna2", on="other", public=True)
    return len(await desk.happened("conversation.continued")) == 1


@fault("our own words bring nothing back", _look_everywhere)
async def given_is_not_brought(clock: HandClock) -> bool:
    desk = room(clock)
    chat = await desk.heard("question")
    shown = await code(desk, chat.conversation, "other")
    await desk.hear(
        {"id": "e1", "from": "us", "to": "eve", "text": f"code: {shown}", "thread": "eve"}, on="other"
    )
    return len(await desk.happened("conversation.continued")) == 1


@fault("a machine's mail brings nothing back", _look_everywhere)
async def an_auto_reply(clock: HandClock) -> bool:
    desk = room(clock)
    chat = await desk.heard("question")
    shown = await code(desk, chat.conversation)
    await desk.heard(f"I am away. You wrote: {shown}", who="eve", on="letter", automatic="auto_reply")
    return len(await desk.happened("conversation.continued")) == 1


# ------------------------------------------------------------------------------------------- challenges


def shop(clock: HandClock) -> Desk:
    made = Desk("sqlite:///:memory:", clock)
    MADE.append(made.inbox)
    return made


def _all_waiting(tx: Tx, address: int) -> list[challenges.Asked]:  # noqa: ARG001
    return [
        challenges.Asked(*row[1:]) for row in tx.all("SELECT * FROM challenges WHERE workspace = ?", tx.ws)
    ]  # type: ignore[arg-type]


@fault("only the two that a claim is about can prove it", put(challenges, "waiting", _all_waiting))
async def over_her_shoulder(clock: HandClock) -> bool:
    desk = shop(clock)
    _, shown = await desk.challenge(await desk.claimed())
    await desk.heard(shown, "eve")
    return await desk.status() == ["proven"]


def _never_late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(challenging, "expire", lambda tx: None)  # noqa: ARG005
    keep = challenges.ask
    later = timedelta(days=999) // timedelta(microseconds=1)
    monkeypatch.setattr(
        challenges, "ask", lambda tx, asked: keep(tx, asked._replace(expires_at=asked.expires_at + later))
    )


@fault("a challenge ends", _never_late)
async def long_after(clock: HandClock) -> bool:
    desk = shop(clock)
    _, shown = await desk.challenge(await desk.claimed())
    clock.advance(days=2)
    await desk.heard(shown)
    return await desk.one_customer()


def _deaf(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(challenging, "failed", lambda tx, person, rules: None)  # noqa: ARG005


@fault("five wrong codes drop the claim", _deaf)
async def guessing_a_challenge(clock: HandClock) -> bool:
    desk = shop(clock)
    await desk.challenge(await desk.claimed())
    for number in range(6):
        await desk.heard(WRONG[number])
    return await desk.status() == ["waiting"]


@fault("an address gets three codes a day", put(challenging, "_refuse_too_many", lambda *_: None))
async def bombing(clock: HandClock) -> bool:
    desk = shop(clock)
    for number in range(5):
        claim = await desk.claimed(f"eve{number}")
        try:
            await desk.challenge(claim)
        except Exception:  # noqa: BLE001 - that it is refused is all
            return False
    return len(desk.far["mail"].said) == 5


@fault("a kept challenge shows no code", put(challenging, "_hidden", lambda composed, _: composed))
async def asking_the_bot(clock: HandClock) -> bool:
    desk = shop(clock)
    asked, shown = await desk.challenge(await desk.claimed())
    return shown in (await desk.inbox.conversations.message(asked.message)).text


@fault(
    "a code is not sent for a sender whom nothing proves",
    put(challenging, "UNPROVEN", "nowhere"),
)
async def a_forger_asks_for_a_code(clock: HandClock) -> bool:
    desk = shop(clock)
    await desk.heard(f"I am {MINE}", "eve", strength="asserted")
    (suggestion,) = await desk.inbox.identity.suggestions()
    try:
        await desk.challenge(suggestion.id)
    except Exception:  # noqa: BLE001 - that it is refused is all
        return False
    return True


def _unproven_too(tx: Tx, person: people.Person, strength: Strength, shown: str, at: int) -> bool:  # noqa: ARG001
    for asked in challenges.overdue(tx) or _all_waiting(tx, 0):
        claimed = people.get(tx, asked.claimed)
        if asked.digest == shown and claimed.value == person.value:
            challenging._prove(tx, asked, person, Strength.VERIFIED, at)  # noqa: SLF001 - the fault is in there
            return True
    return False


@fault("the claimed address has to be proven to say yes", put(challenging, "answered", _unproven_too))
async def a_forged_yes(clock: HandClock) -> bool:
    desk = shop(clock)
    _, shown = await desk.challenge(await desk.claimed())
    await desk.heard(shown, MINE, "mail", strength="asserted")
    return await desk.one_customer()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.defence)
def test_the_attack_fails(fault: Fault, clock: HandClock) -> None:
    assert asyncio.run(fault.attack(clock)) is False


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.defence)
def test_without_the_defence_it_succeeds(
    fault: Fault, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault.remove(monkeypatch)
    assert asyncio.run(fault.attack(clock)) is True


def test_there_are_at_least_twenty() -> None:
    assert len(FAULTS) >= 20
    assert len({fault.defence for fault in FAULTS}) == len(FAULTS)
