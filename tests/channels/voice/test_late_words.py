"""What a caller says on the voicemail comes minutes after the call was handed to handlers: who follows hears it."""

from __future__ import annotations

from pathlib import Path
from types import FunctionType

from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

from omnichannel import Inbox, Incoming
from omnichannel.channel import Batch
from tests.channels.voice.given import account, webhook

PAGE = Path(__file__).parents[3] / "docs" / "howto" / "voice.md"
RINGS = {"CallStatus": "ringing"}
ENDS = {"CallStatus": "completed", "CallDuration": "9"}
RECORDED = {
    "RecordingSid": "RE1", "RecordingStatus": "completed", "RecordingUrl": "https://api.twilio.com/RE1",
    "RecordingSource": "RecordVerb", "RecordingDuration": "4",
}  # fmt: skip
WORDS = {
    "TranscriptionStatus": "completed", "TranscriptionSid": "TR1", "RecordingSid": "RE1",
    "TranscriptionText": "Where is my invoice?",
}  # fmt: skip


def the_recipe() -> FunctionType:
    """`answer_voicemails` as the page has it."""
    document = Sybil(parsers=[PythonCodeBlockParser()], pattern=PAGE.name, path=str(PAGE.parent)).parse(PAGE)
    (block,) = [one for one in document.examples() if "answer_voicemails" in str(one.parsed)]
    names: dict[str, object] = {}
    exec(str(block.parsed), names)  # noqa: S102 - our own page
    found = names["answer_voicemails"]
    assert isinstance(found, FunctionType)
    return found


async def test_words_that_come_later_are_answered_once() -> None:
    """Each webhook is worked on before the next comes, as in life, and two come twice."""
    answer, handled = the_recipe(), []
    async with Inbox("sqlite:///:memory:", [account()]) as inbox:

        @inbox.on_message
        async def handle(incoming: Incoming) -> None:
            handled.append(incoming.message.text)

        answers = []
        for number, fields in enumerate((RINGS, ENDS, RECORDED, WORDS, WORDS, ENDS, RECORDED)):
            await inbox.keep("voice", "told", Batch(deliveries=(webhook(**fields),), cursor=str(number)))
            await inbox.read()
            await inbox.handle()
            await answer(inbox, wait=False)
            [talk] = await inbox.conversations.open()
            messages = await inbox.conversations.messages(talk.id)
            answers.append([one.text for one in messages if one.direction == "outbound"])
    assert handled == [""], "a handler is called once, when it rings"
    said = ["Your invoice is on its way by mail."]
    assert answers == [[], [], [], said, said, said, said]
