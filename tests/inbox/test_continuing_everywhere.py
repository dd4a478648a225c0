"""Going on from every channel to every other one, by links and by codes, through the channels' own code.

All ordered pairs of the built-in kinds: the conversation is the same, its history is there, and both addresses are
one customer's as far as their senders are proven. And for each carrier: whatever is no working token attaches nothing.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable

import pytest

from omnichannel import Inbox
from omnichannel.errors import Unsupported
from omnichannel.model import Message
from omnichannel.plugins import own_kinds
from tests.engines import HandClock
from tests.inbox.carriers import CARRIERS, ByChat, ByFacebook, ByPhone, Carrier

MEMORY = "sqlite:///:memory:"
ANN, EVE = 1, 2
PAIRS = list(itertools.permutations(CARRIERS, 2))
WAYS = [(kind, by) for kind in CARRIERS for by in ("link", "code") if kind is not ByFacebook]
WAYS = [(kind, by) for kind, by in WAYS if by == "code" or kind.links]


def test_the_carriers_are_all_built_in_kinds() -> None:
    assert {carrier.kind for carrier in CARRIERS} == set(own_kinds())
    assert len(PAIRS) == 12 * 11


class Talk:
    """A question that was asked on one account, and another account where it may go on."""

    def __init__(self, here: Carrier, there: Carrier, inbox: Inbox) -> None:
        self.here, self.there, self.inbox = here, there, inbox

    async def asked(self, who: int = ANN) -> Message:
        """Somebody asks; the last message of it (a call is a message by itself)."""
        return (await self.here.arrives(self.inbox, self.here.written(who, "where is it?")))[-1]

    async def given(self, conversation: str, by: str = "link", account: str = "") -> str:
        return await self.inbox.conversations.continue_on(conversation, account or self.there.kind, by=by)

    async def brings(self, what: str, by: str = "link", who: int = ANN) -> Message:
        """Somebody comes with a link or code; the last message that it became."""
        made = self.there.followed if by == "link" else self.there.typed
        return (await self.there.arrives(self.inbox, made(who, what)))[-1]

    async def customer_ids(self, who: int = ANN) -> tuple[str, str]:
        """The customers here and there."""
        found = [await self.inbox.customers.find(at.address(who)) for at in (self.here, self.there)]
        assert all(found)
        return found[0].id, found[1].id  # type: ignore[union-attr]


def told(
    here: type[Carrier], there: type[Carrier], story: Callable[[Talk], Awaitable[None]], clock: HandClock
) -> None:
    """Tell a story in a fresh inbox in memory, with both accounts and one more of the second kind."""
    one, other = here(clock=clock), there("there", clock=clock)

    async def tell() -> None:
        channels = [one.channel(), other.channel()]
        async with Inbox(MEMORY, channels, clock=clock) as inbox:
            await story(Talk(one, other, inbox))

    asyncio.run(tell())


def name(value: object) -> str:
    return value.kind if isinstance(value, type) else str(value)


@pytest.mark.parametrize("by", ["link", "code"])
@pytest.mark.parametrize(("here", "there"), PAIRS, ids=name)
def test_every_pair(here: type[Carrier], there: type[Carrier], by: str, clock: HandClock) -> None:
    """By kind, from any channel to any that can carry it; where none can, that is said and nothing is issued."""

    async def story(talk: Talk) -> None:
        question = await talk.asked()
        if there is ByFacebook or (by == "link" and not there.links):
            with pytest.raises(Unsupported):
                await talk.given(question.conversation, by)
            assert not [e for e in await talk.inbox.events() if e.what == "conversation.link_issued"]
            return
        came = await talk.brings(await talk.given(question.conversation, by), by)
        assert came.conversation == question.conversation
        said = await talk.inbox.conversations.messages(came.conversation)
        assert question.id in {message.id for message in said}, "its history is there"
        assert said[-1].account == "there"
        one, other = await talk.customer_ids()
        proven = here.proves and there.proves
        assert (one == other) is proven
        (claim,) = [c for c in await talk.inbox.identity.claims(other) if c.method == "token"]
        assert claim.strength.proves is proven
        if not proven:
            assert claim.strength == "asserted"

    told(here, there, story, clock)


@pytest.mark.parametrize(("there", "by"), WAYS, ids=name)
@pytest.mark.parametrize("spoiled", ["wrong", "used", "expired", "other account", "other workspace"])
def test_what_does_not_work_attaches_nothing_and_says_nothing(
    there: type[Carrier], by: str, spoiled: str, clock: HandClock
) -> None:
    """The words arrive as they would have without it, and nobody is answered."""
    here = ByChat if there is not ByChat else ByPhone

    async def story(talk: Talk) -> None:
        question = await talk.asked()
        given = await talk.given(question.conversation, by)
        if spoiled == "used":
            await talk.brings(given, by, who=3)
        if spoiled == "expired":
            clock.advance(days=3 if by == "link" else 1)
        if spoiled == "wrong":
            given = _changed(given)
        if spoiled == "other account":
            given = await _of_another_account(talk, question.conversation, by, there)
        if spoiled == "other workspace":
            given = await _of_another_workspace(here, there, by, clock)
        came = await talk.brings(given, by, who=EVE)
        assert came.conversation != question.conversation
        assert "token" not in came.because
        one = await talk.inbox.customers.find(talk.here.address(ANN))
        assert one is not None
        assert talk.there.address(EVE) not in {reached.address for reached in one.addresses}
        everything = await talk.inbox.conversations.messages(came.conversation)
        assert {str(message.direction) for message in everything} == {"inbound"}, "nobody is answered"
        shown = {message.id for message in await talk.inbox.customers.timeline(one.id)}
        assert came.id not in shown

    told(here, there, story, clock)


def _changed(given: str) -> str:
    """One letter or digit is another, so that what it is stays to be seen: check digits still fit."""
    digits = given.replace("-", "")
    if len(digits) == 12 and digits.isdigit():
        other = f"{(int(digits) + 97) % 10**12:012}"
        return "-".join((other[:4], other[4:8], other[8:]))
    if ",,," in given:
        head, _, dialled = given.partition(",,,")
        return f"{head},,,{int(dialled) ^ 1:040}"
    at = given.index("oct") + 10
    return given[:at] + ("a" if given[at] != "a" else "b") + given[at + 1 :]


async def _of_another_account(talk: Talk, conversation: str, by: str, there: type[Carrier]) -> str:
    """A link or code that leads to another account than the one that it is brought to."""
    issued = await talk.inbox.conversations.continue_on(conversation, talk.here.name, by=by)
    if by == "code":
        return issued
    secret = issued.partition("#chat=")[2] or _undialled(issued.partition(",,,")[2])
    return talk.there.channel().start_link(secret)


def _undialled(digits: str) -> str:
    from omnichannel.channels.voice.keys import token_of

    return token_of(digits)


async def _of_another_workspace(here: type[Carrier], there: type[Carrier], by: str, clock: HandClock) -> str:
    one, other = here(clock=clock), there("there", clock=clock)
    async with Inbox(MEMORY, [one.channel(), other.channel()], clock=clock, workspace="theirs") as inbox:
        talk = Talk(one, other, inbox)
        return await talk.given((await talk.asked()).conversation, by)


@pytest.mark.parametrize(("there", "by"), WAYS, ids=name)
def test_who_steals_one_gets_it_once_and_is_found_out(
    there: type[Carrier], by: str, clock: HandClock
) -> None:
    """A link is for whoever holds it: but once, and when its owner comes with it, the theft is on record."""
    here = ByChat if there is not ByChat else ByPhone

    async def story(talk: Talk) -> None:
        question = await talk.asked()
        given = await talk.given(question.conversation, by)
        stolen = await talk.brings(given, by, who=EVE)
        assert stolen.conversation == question.conversation
        owner = await talk.brings(given, by, who=ANN)
        assert owner.conversation != question.conversation
        (reused,) = [e for e in await talk.inbox.events(most=1000) if e.what == "conversation.link_reused"]
        assert reused.conversation == question.conversation
        assert reused.detail["account"] == "there"
        for who, told_as in ((EVE, "first"), (ANN, "address")):
            assert talk.there.address(who).value in reused.detail[told_as]

    told(here, there, story, clock)


@pytest.mark.parametrize(("there", "by"), [way for way in WAYS if way[0].proves], ids=name)
def test_what_was_made_for_one_address_is_of_no_use_to_a_thief(
    there: type[Carrier], by: str, clock: HandClock
) -> None:
    """Where it is known who is to bring it: nobody else can, and it still works for them afterwards."""
    here = ByChat if there is not ByChat else ByPhone

    async def story(talk: Talk) -> None:
        await talk.there.arrives(talk.inbox, talk.there.written(ANN, "an earlier question"))
        [earlier] = await talk.inbox.conversations.open()
        await talk.inbox.conversations.close(earlier.id)
        clock.advance(days=4)
        question = await talk.asked()
        given = await talk.inbox.conversations.continue_on(
            question.conversation, "there", by=by, to=talk.there.address(ANN)
        )
        thief = await talk.brings(given, by, who=EVE)
        assert thief.conversation != question.conversation
        owner = await talk.brings(given, by, who=ANN)
        assert owner.conversation == question.conversation
        one, other = await talk.customer_ids()
        assert one == other

    told(here, there, story, clock)


class Unvouched(ByPhone):
    """A call whose number the networks do not vouch for, as nearly all are."""

    proves = False
    attestation = ""


@pytest.mark.parametrize("by", ["link", "code"])
def test_a_call_that_nobody_vouches_for_goes_on_and_joins_nobody(by: str, clock: HandClock) -> None:
    """Any number can be shown: the conversation is the same, the number stays a suggestion."""

    async def story(talk: Talk) -> None:
        question = await talk.asked()
        came = await talk.brings(await talk.given(question.conversation, by), by)
        assert came.conversation == question.conversation
        (suggestion,) = await talk.inbox.identity.suggestions()
        assert {suggestion.one.kind, suggestion.other.kind} == {"webchat", "phone"}

    told(ByChat, Unvouched, story, clock)
