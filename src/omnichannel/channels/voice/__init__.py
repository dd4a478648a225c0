"""Telephone calls: to a number at Twilio, and from the call records of a company's own exchange.

call ── a call as a message     parse, recording, keys ── webhooks     twiml, hours ── what a caller hears
render ── calls that we make     records, columns, times ── CSV        link ── what was before
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from pydantic import SecretStr

from omnichannel.channel import Ack, Call, Channel, Delivery, Finding, Source
from omnichannel.channels.voice import files, parse, render, twiml
from omnichannel.channels.voice.columns import chosen
from omnichannel.channels.voice.hours import hours_of, zone_of
from omnichannel.channels.voice.keys import dialled
from omnichannel.channels.voice.records import Layout
from omnichannel.channels.voice.settings import key_of, number_of, region_of, seconds_of, then_of
from omnichannel.errors import Malformed, Unsupported
from omnichannel.model import Capabilities, Draft, Event, TextLimit
from omnichannel.platforms.twilio import admit
from omnichannel.platforms.twilio.account import HOST, NO_CONTENT, TwilioChannel
from omnichannel.platforms.twilio.fields import fields_of, of_another, query_of

__all__ = ["Voice"]


class Voice(TwilioChannel):
    """The telephone calls of one number at Twilio, or (without `account_sid`) of an exchange's call records.

    How a call is received: `greeting` in `language` by `voice`, then `voicemail`, a `queue`, or nothing more
    (`say`); outside `hours` (of `zone`) `closed_greeting` and the voicemail. `callback_key` is the key with which
    a caller asks to be called back; who shows no number is asked for it with `ask_number`. With `listens` a caller
    may say at once what it is about: Twilio writes that down in `language`. A message may have `longest` seconds;
    `transcribe` has it written down (English, up to two minutes). `trust_attestation` takes a
    caller id that the networks vouch for (STIR/SHAKEN, level A) as proven; otherwise none is. `agent_number` is
    rung when a customer is to be called back.

    Call records: `records` is a CSV file, `columns` says which column is what where its header does not, `zone`
    is its local times', `region` ("NL") reads national numbers, `own_numbers` are ours beside `number`.
    Raises ConfigError naming the setting and the cure.
    """

    kind: ClassVar[str] = "voice"
    can: ClassVar[Capabilities] = Capabilities(
        text=TextLimit(size=render.LONGEST_TEXT, measure="chars"),
        parts_in=frozenset({"text", "attachment", "system", "contact"}),
        parts_out=frozenset({"text", "system"}),
        statuses=frozenset({"sent", "delivered", "failed"}),
        echoes=True,
        edits=True,
        signs_body=True,
        continues=True,
        history=True,
        fetches=True,
        reaches=frozenset({"phone"}),
        finds=True,
        settles=120.0,
    )

    reception: twiml.Reception = twiml.Reception()
    reading: parse.Reading = parse.Reading()
    layout: Layout = Layout()
    agent_number: str = ""
    path: str = ""

    def __init__(
        self,
        name: str,
        *,
        account_sid: str = "",
        auth_token: str | SecretStr | Iterable[str | SecretStr] = (),
        number: str = "",
        status_callback: str = "",
        greeting: str = "Please leave a message after the tone.",
        closed_greeting: str = "",
        thanks: str = "Thank you. Goodbye.",
        ask_number: str = "Please enter your telephone number, and then the hash key.",
        language: str = "en-US",
        voice: str = "",
        then: str = "voicemail",
        queue: str = "support",
        hours: str = "",
        zone: str = "UTC",
        callback_key: str = "",
        listens: bool = False,
        longest: int = 120,
        transcribe: bool = False,
        trust_attestation: bool = False,
        agent_number: str = "",
        region: str = "",
        records: str = "",
        columns: Mapping[str, str] | None = None,
        own_numbers: Iterable[str] = (),
        host: str = HOST,
    ) -> None:
        if records and not account_sid:
            # An exchange of one's own: there is nobody to verify or to call, only records to read.
            Channel.__init__(self, name)
            self.number = number.strip()
        else:
            super().__init__(
                name, account_sid=account_sid, auth_token=auth_token, number=number,
                status_callback=status_callback, host=host,
            )  # fmt: skip
        local, country = zone_of(zone), region_of(region)
        self.path, self.agent_number = records, number_of(agent_number, "agent_number")
        self.reception = twiml.Reception(
            greeting=greeting, closed_greeting=closed_greeting, thanks=thanks, ask_number=ask_number,
            language=language, voice=voice, then=then_of(then), queue=queue, hours=hours_of(hours, local),
            callback_key=key_of(callback_key), region=country, listens=listens, longest=seconds_of(longest),
            transcribe=transcribe,
        )  # fmt: skip
        self.reading = parse.Reading(self.number, trust_attestation)
        own = frozenset(filter(None, (self.number, *own_numbers)))
        self.layout = Layout(chosen(columns or {}), local, country, own)

    def admit(self, delivery: Delivery) -> Ack:
        """Take what one of the auth tokens signed, and say what the caller hears next; raises Forged otherwise."""
        admit.genuine(delivery, self._tokens)
        fields, step = fields_of(delivery), query_of(delivery).get("step", "")
        said = twiml.answer(self.reception, fields, step, delivery.url, delivery.received_at)
        if said is None:
            return NO_CONTENT
        return Ack(status=200, headers=(("content-type", "text/xml; charset=utf-8"),), body=said)

    def parse(self, delivery: Delivery) -> Iterator[Event]:
        """A call, or what became of it; every call of a file. Raises Malformed for anything else."""
        if delivery.source == "file" or delivery.past:
            return files.events(delivery, self.reading, self.layout)
        fields = fields_of(delivery)
        if other := of_another(fields, self.account_sid):
            return iter((other,))
        try:
            return iter(tuple(parse.events(fields, query_of(delivery), self.reading)))
        except ValueError as error:  # what the model does not take, an id of a thousand letters
            raise Malformed(str(error)[:500]) from None

    def render(self, draft: Draft) -> Sequence[Call]:
        """One call that speaks the words, or that connects an agent. Raises Unsupported or TooLarge."""
        return render.calls(draft, self)

    @classmethod
    def size(cls, text: str, *, public: bool = True) -> int:  # noqa: ARG003 - there is one kind of call
        """Characters as they are escaped inside the document that is spoken."""
        return render.spoken_size(text)

    def start_link(self, token: str) -> str:
        """A link that calls our number and dials the token: three pauses, then its digits."""
        if not self.number.startswith("+"):
            raise Unsupported("a link needs a number that can be called; configure the account with number")
        return f"tel:{self.number},,,{dialled(token)}"

    def histories(self, since: datetime) -> Sequence[Source]:
        """Calls since a moment, with their recordings; or all that the file of records holds."""
        from omnichannel.channels.voice.link import histories

        return histories(self, since)

    async def check(self) -> Sequence[Finding]:
        """Ask Twilio whether the credentials are right, and whether calls to the number reach us."""
        from omnichannel.platforms.twilio.link import findings

        if self.account_sid:
            return await findings(self, "voice_url", "status_callback")
        if self.path:
            return (
                Finding(ok=True, what=f"call records are read from {self.path}; nothing is sent or taken"),
            )
        cure = "Set account_sid, auth_token and number, or records for an exchange of your own"
        return (Finding(ok=False, what="no account is configured", cure=cure),)

    async def delivers(self) -> Sequence[Finding]:
        """Where Twilio says that calls to the number go."""
        from omnichannel.platforms.twilio.link import delivers

        return await delivers(self, "voice_url")
