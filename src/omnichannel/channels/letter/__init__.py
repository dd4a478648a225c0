"""Letters on paper: scans come in from a folder or a scan mailbox, answers go out as PDFs, printed here or by Pingen.

reading, fields, postal, dates, codes ── what a scan says     sheet, enclosures, render ── the letter we write
pingen ── the print service's words     settings ── what is set     link ── folders, mailbox, OCR, Pingen's wire
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import ClassVar, Self

from pydantic import SecretStr

from omnichannel.channel import Ack, Call, Channel, Delivery, Finding, Response, Sender, Source
from omnichannel.channels.letter import enclosures, parse, pingen, postal, render, settings
from omnichannel.channels.letter.settings import Letterhead
from omnichannel.errors import ConfigError, Forged
from omnichannel.model import (
    Address,
    Attachment,
    Capabilities,
    Doubt,
    Draft,
    Event,
    Receipt,
    Sent,
    TextLimit,
    Unknown,
)
from omnichannel.toolbox import secrets_of, signed, trouble

__all__ = ["Letter"]


class Letter(Channel):
    """One postal address of ours.

    `address`: ours, as on an envelope (lines, or parts with commas between); `letterhead`: what else stands on our
    paper. `language` (nl, en, de, fr) is that of dates and labels, `zone` says which day it is, `window` where the
    envelope has it, `font` a TrueType file, or several: each letter is set in the first that has it.

    In: `inbox`, a folder that scanners write to; `imap`, a mailbox that scanners mail to, from the addresses
    `scanners`. `settle`: seconds for which a file must stay as it is before it is read. `ocr`: the languages of
    tesseract (`nld+eng`) with which pictures are read; empty for none.

    Out: `outbox`, a folder that somebody prints from; or Pingen, with `pingen_organisation`, `pingen_client` and
    `pingen_secret`, and `pingen_key`, which signs its webhooks (several while it is being changed; without the rest,
    for letters that were sent before); `pingen_product`
    is what is paid for (cheap, fast, …), `pingen_options` may hold `duplex` and `color`.

    Raises ConfigError with the setting and its cure.
    """

    kind: ClassVar[str] = postal.KIND
    resends: ClassVar[str] = (
        "Its mailbox, folder or service is read on from where the last look ended: "
        "nothing is lost that lies there."
    )
    can: ClassVar[Capabilities] = Capabilities(
        text=TextLimit(size=render.LONGEST_TEXT, any_letter=False),
        parts_in=frozenset({"text", "attachment", "system"}),
        parts_out=frozenset({"text", "attachment"}),
        media=enclosures.MEDIA,
        max_bytes=enclosures.MOST_BYTES,
        max_attachments=enclosures.MOST_ENCLOSURES,
        threads=True,
        subject=True,
        letters=True,
        statuses=frozenset({"sent", "delivered", "failed"}),
        signs_body=True,
        finds=True,
        settles=3600.0,  # Pingen looks at a letter for seconds, and nothing is ever posted twice in a hurry
    )

    # What `bare` leaves as it is: an instance that knows no address of ours, no folder and no service.
    _head: Letterhead = Letterhead()
    _intake: settings.Intake = settings.Intake()
    _outbox: Path | None = None
    _service: settings.Service | None = None
    _keys: tuple[SecretStr, ...] = ()

    def __init__(
        self,
        name: str,
        *,
        address: str,
        inbox: str = "",
        imap: str | SecretStr = "",
        scanners: Sequence[str] = (),
        outbox: str = "",
        letterhead: str = "",
        language: str = "en",
        zone: str = "UTC",
        window: str = "left",
        font: str | Sequence[str] = (),
        settle: float = 5.0,
        ocr: str = "nld+eng",
        pingen_organisation: str = "",
        pingen_client: str = "",
        pingen_secret: str | SecretStr = "",
        pingen_key: str | SecretStr | Iterable[str | SecretStr] | None = None,
        pingen_product: str = "cheap",
        pingen_options: Sequence[str] = (),
        pingen_host: str = settings.PINGEN,
        pingen_identity: str = settings.IDENTITY,
    ) -> None:
        super().__init__(name)
        fonts = (font,) if isinstance(font, str) else tuple(font)
        paper = settings.Paper(language, window, zone, fonts)
        self._intake = settings.intake(inbox, imap, scanners, settle, ocr)
        self._outbox = settings.folder_of("outbox", outbox)
        self._service = settings.service(
            pingen_organisation, pingen_client, pingen_secret, pingen_product,
            pingen_options, pingen_host, pingen_identity,
        )  # fmt: skip
        self._keys = settings.keys_of(pingen_key, needed=self._service is not None)
        settings.refuse_two_ways_out(self._outbox, self._service)
        self._head = settings.letterhead(address, letterhead, paper, posted=self._service is not None)

    @classmethod
    def for_verifying(cls, secrets: tuple[str, ...]) -> Self:
        """An instance that knows only what signs Pingen's webhooks."""
        channel = cls.bare("verify")
        channel._keys = secrets_of(secrets, "pingen_key", settings.KEY_CURE)  # noqa: SLF001 - our own
        return channel

    @property
    def own_address(self) -> Address | None:
        """Our postal address."""
        return postal.address_of(self._head.address) if self._head.address else None

    def admit(self, delivery: Delivery) -> Ack:
        """Only Pingen comes by webhook, signed over the raw body; what we read ourselves needs no admission."""
        if delivery.source != "webhook":
            return Ack()
        header = delivery.header("signature")
        if not self._keys or not signed(self._keys, delivery.body, header, prefix=""):
            raise Forged(
                "the Signature is missing, or not made with pingen_key: only Pingen's webhooks are taken"
            )
        return Ack()

    def parse(self, delivery: Delivery) -> Iterator[Event]:
        """A scan is a letter, JSON is news of one of ours. Raises Malformed for what is neither."""
        return parse.events(delivery, self._head.address, self.own_address)

    def content(self, delivery: Delivery, attachment: Attachment) -> bytes:
        """The scan of a letter, exactly as it was made. Raises NotFound for a file of another letter."""
        return parse.content(delivery, attachment)

    def render(self, draft: Draft) -> Sequence[Call]:
        """One letter as a PDF; for Pingen in two calls, the second of which costs money."""
        return render.calls(draft, self._head, self._service.options if self._service else None)

    def read(self, call: Call, response: Response) -> Receipt:
        """What Pingen, or the outgoing folder, made of a letter."""
        if not call.url.startswith("file:"):
            return pingen.receipt(call, response)
        told = trouble(response)
        name = call.url.rpartition("/")[2]
        if told is None and response.body != name.encode():
            return Unknown(detail="the folder does not say that the letter lies there")
        return told or Sent(external_id=call.correlator, detail=name)

    def sources(self) -> Sequence[Source]:
        """The watched folder and the scan mailbox, where they are set."""
        from omnichannel.channels.letter import link

        return link.sources(self.name, self._intake)

    def sender(self) -> Sender:
        """Pingen or the outgoing folder; raises ConfigError where neither is set."""
        from omnichannel.channels.letter import link

        if self._service is None and self._outbox is None:
            cure = "Give `outbox`, a folder that somebody prints from, or set up Pingen with `pingen_organisation`"
            raise ConfigError("outbox", f"{self.name} has nowhere to put letters", cure)
        return link.sender(self._service, self._outbox)

    async def find(self, call: Call, doubt: Doubt) -> Receipt | None:  # noqa: ARG002 - a letter has a name
        """Look into the outgoing folder, or ask Pingen how the letter stands."""
        from omnichannel.channels.letter.link import finding

        if call.prepares:
            return None
        if call.url.startswith("file:"):
            return await finding.in_folder(self._outbox, call) if self._outbox else None
        return await finding.at_pingen(self._service, call) if self._service else None

    async def check(self) -> Sequence[Finding]:
        """Whether folders can be used, pictures be read, the mailbox be opened and Pingen lets us in."""
        from omnichannel.channels.letter import link

        return await link.findings(self._intake, self._outbox, self._service)
