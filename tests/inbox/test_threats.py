"""What strangers try on a whole inbox to become somebody else, beside what `test_customers` and `test_defences` have."""

from __future__ import annotations

import pytest

from omnichannel.model import Address, Customer, Message, Purpose, Strength
from omnichannel.testing import Stage
from tests.inbox.desk import Desk, at


async def named_each_other(stage: Stage) -> tuple[Message, Message]:
    """Eve says that Vera's number is hers, and Vera is talked into writing Eve's."""
    vera = await stage.arrives("sms", "Where is my order?", who="Vera")
    assert vera.author
    eve = await stage.arrives("sms", f"My other number is {vera.author.address.value}", who="Eve")
    assert eve.author
    await stage.arrives("sms", f"Why am I told to write {eve.author.address.value} to you?", who="Vera")
    return vera, eve


async def customer(stage: Stage, of: Message, purpose: Purpose = Purpose.DISCLOSE) -> Customer:
    assert of.author
    found = await stage.inbox.customers.find(of.author.address, purpose=purpose)
    assert found
    return found


async def test_who_is_talked_into_naming_a_strangers_number_keeps_her_history() -> None:
    """What is typed is nobody's own word: two who name each other are shown to agents, marked, and no more."""
    async with Stage("sms") as stage:
        vera, eve = await named_each_other(stage)
        assert len((await customer(stage, vera)).addresses) == 1
        told = await stage.inbox.customers.timeline((await customer(stage, eve)).id)
        assert [message.id for message in told] == [eve.id]
        seen = await customer(stage, eve, Purpose.ASSIST)
        assert all(reached.unproven for reached in seen.addresses if reached.name == "Vera")


@pytest.mark.parametrize("purpose", Purpose)
async def test_whoever_says_it_is_hers_changes_no_customer_of_hers(desk: Desk, purpose: Purpose) -> None:
    """Forty accounts name her mailbox, and her own proof comes last: her addresses are hers in every view."""
    mail = Address(kind="email", value="anna@b.example")
    for number in range(40):
        await desk.heard("I am anna@b.example", who=f"eve{number}", name=f"Eve {number}")
    await desk.heard("it is me", who="anna", also=[str(mail)], name="Anna Berg")
    seen = await desk.inbox.customers.find(mail, purpose=purpose)
    assert seen
    proven = {str(reached.address) for reached in seen.addresses if not reached.unproven}
    assert proven == {"email::anna@b.example", "chat::anna"}


async def test_what_a_stranger_knows_of_her_finds_nothing_out(desk: Desk) -> None:
    """Her name, street and birthday, said by a stranger: a suggestion for people, and nothing that the stranger sees."""
    known = {"name": "Annabel Zwart", "street": "Dorpsstraat 12", "postcode": "3511 AB", "born": "1961-03-07"}
    await desk.heard("my secret order", who="anna", name="Annabel Zwart")
    await desk.inbox.identity.observe(at("anna"), facts=known)
    await desk.heard("it is me", who="mal", name="Annabel Zwart")
    await desk.inbox.identity.observe(at("mal"), facts=known, strength=Strength.ASSERTED)
    await desk.inbox.work()
    mal = await desk.customer("mal")
    assert [message.text for message in await desk.inbox.customers.timeline(mal.id)] == ["it is me"]
    (suggestion,) = await desk.inbox.identity.suggestions()
    assert suggestion.strength is Strength.INFERRED
