"""The story: a bot answers, is unsure, hands over with a summary; an agent answers, gives back; the bot goes on."""

from __future__ import annotations

from collections.abc import Iterator

from tests.assistants.model import Model, calls, script
from tests.chat import Chat, FarEnd, delivery
from tests.engines import HandClock

from omnichannel import Inbox
from omnichannel.assistants import Assistant
from omnichannel.desk import Bot, Plan, Route, Team, Then
from omnichannel.emulators.serving import Served

_SAID = script(
    calls(("answer", {"text": "It is on its way.", "confidence": 0.95})),
    calls(
        ("answer", {"text": "On Tuesdays?", "confidence": 0.3, "summary": "Asks for a delivery on Texel."})
    ),
    calls(("answer", {"text": "You are welcome.", "confidence": 0.9})),
)

EXPECTED = (
    "bot: It is on its way.",
    "queue: (Robin) Asks for a delivery on Texel. | draft: On Tuesdays? | open: Do you deliver on Texel?",
    "agent: Yes, on Tuesdays and Fridays.",
    "bot: You are welcome.",
)
"""Who has it after each step, and what was said or handed over."""


async def told(store: str) -> list[str]:
    """What became of it, step by step."""
    with Served(Model(_SAID)) as served:
        bot = Bot(name="Robin", answers=Assistant(served.url, "m"))
        plan = Plan(
            teams=(Team(name="service"),), default_team="service", classifier=None, bots=(bot,),
            routes=(Route(name="bot first", then=Then(agent="Robin")),),
        )  # fmt: skip
        far = FarEnd()
        async with Inbox(store, [Chat("chat", far)], desk=plan, clock=HandClock()) as inbox:
            return await _live(inbox, far)


async def _live(inbox: Inbox, far: FarEnd) -> list[str]:
    found: list[str] = []
    texts = _texts()
    await inbox.add_agent("Ann")
    await _hears(inbox, next(texts))
    [conversation] = [one.id for one in await inbox.conversations.open()]
    control = inbox.desk.control

    async def note(what: str) -> None:
        found.append(f"{(await inbox.desk.case(conversation)).control}: {what}")

    await note(far.said[-1]["text"])
    await _hears(inbox, next(texts))
    over = await control.handover(conversation)
    assert over is not None
    asked = over.questions[-1].text
    await note(f"({over.by if over.by_bot else '-'}) {over.summary} | draft: {over.draft} | open: {asked}")
    await control.take(conversation, "Ann")
    await inbox.conversations.reply(conversation, "Yes, on Tuesdays and Fridays.", agent="Ann")
    await inbox.work()
    await note(far.said[-1]["text"])
    await control.give_back(conversation, actor="Ann", summary="told her the days")
    await _hears(inbox, next(texts))
    await note(far.said[-1]["text"])
    return found


async def _hears(inbox: Inbox, text: str) -> None:
    await inbox.receive("chat", delivery({"id": text, "from": "rosa", "text": text}))
    await inbox.work()


def _texts() -> Iterator[str]:
    yield from ("Where is my chair?", "Do you deliver on Texel?", "Thanks!")
