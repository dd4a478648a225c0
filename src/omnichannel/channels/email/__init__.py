"""E-mail: mailboxes read over IMAP, answers sent over SMTP.

link.settings ── where and who     link.imap ── the wire in     parse (and below) ── what a mail says
render, fields, alternative ── the mail we write     link.smtp ── the wire out     replies ── what came of it
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import ClassVar, Self
from urllib.parse import quote

from pydantic import SecretStr

from omnichannel.channel import Ack, Call, Channel, Delivery, Finding, Response, Sender, Source
from omnichannel.channels.email import link
from omnichannel.channels.email.addresses import normal
from omnichannel.channels.email.addrspec import plus
from omnichannel.channels.email.link import settings
from omnichannel.channels.email.render import MOST_ATTACHMENTS, MOST_BYTES, MOST_TEXT, Letterhead, render
from omnichannel.channels.email.replies import receipt
from omnichannel.errors import ConfigError, Forged, NotFound, Unsupported
from omnichannel.model import (
    Address,
    Attachment,
    Capabilities,
    Direction,
    Doubt,
    Draft,
    Event,
    Receipt,
    Received,
    Sent,
    System,
    TextLimit,
    Unreadable,
)

_TRUNCATED, _WITHHELD = "x-omnichannel-truncated", "x-omnichannel-withheld"
_SENT, _VOUCHED = "x-omnichannel-sent", "x-omnichannel-vouched"


class Email(Channel):
    """One mailbox and the address it answers with.

    `imap`, `smtp`: the servers, as `imaps://host`, `imap+starttls://host`, `smtps://host`,
    `smtp+starttls://host`, with port, user and password in them or not; plain `imap://` and `smtp://` only on
    this machine. Without `imap` nothing is read, without `smtp` nothing is sent.
    `user`, `password`, `token`: for both servers; the user is by default the address; `token` is an OAuth access
    token or a function that returns a fresh one, asked before every login (XOAUTH2).
    `folders`: what is read, else the folder in the URL, else INBOX; `since` leaves older mail out.
    `trusted`: the authserv-ids whose Authentication-Results we believe; without one no sender is proven.
    `aliases`: further addresses of ours that arrive here. `plus_addressing`: whether mail to
    `name+tag@…` arrives here, as it does nearly everywhere. `ca_file`: an authority to believe (PEM).

    Raises ConfigError with the setting and its cure.
    """

    kind: ClassVar[str] = "email"
    can: ClassVar[Capabilities] = Capabilities(
        text=TextLimit(size=MOST_TEXT),
        parts_in=frozenset({"text", "attachment", "system"}),
        parts_out=frozenset({"text", "attachment"}),
        media=("*/*",),
        max_bytes=MOST_BYTES,
        max_attachments=MOST_ATTACHMENTS,
        threads=True,
        subject=True,
        letters=True,
        statuses=frozenset({"sent", "delivered", "failed"}),
        answers=True,
        continues=True,
        history=True,
        finds=True,
        settles=600.0,  # providers file what they sent within moments; bounces come as long as there is mail
    )

    def __init__(
        self,
        name: str,
        *,
        address: str,
        imap: str | None = None,
        smtp: str | None = None,
        user: str | None = None,
        password: str | SecretStr | None = None,
        token: settings.Token | None = None,
        folders: Sequence[str] = (),
        since: date | None = None,
        display_name: str = "",
        trusted: Sequence[str] = (),
        aliases: Sequence[str] = (),
        plus_addressing: bool = True,
        ca_file: str = "",
    ) -> None:
        super().__init__(name)
        self._head = Letterhead(
            address=settings.mailbox_address(address), name=display_name, tags=plus_addressing
        )
        others = [settings.mailbox_address(each, "aliases") for each in _several("aliases", aliases)]
        self._own = tuple(normal(each) for each in (self._head.address, *others))
        self._trusted = _several("trusted", trusted)
        keys = settings.Keys(self._head.address, user=user, password=password, token=token, ca_file=ca_file)
        self._imap = settings.server("imap", imap, keys) if imap else None
        self._smtp = settings.server("smtp", smtp, keys) if smtp else None
        in_url = self._imap.folder if self._imap else ""
        self._folders = _several("folders", folders) or (in_url or "INBOX",)
        self._since = since

    @classmethod
    def bare(cls, name: str = "file") -> Self:
        """An instance without servers, for reading files and rendering drafts."""
        return cls(name, address="nobody@mailbox.invalid")

    @property
    def own_address(self) -> Address:
        """The address of the mailbox."""
        return Address(kind="email", value=self._own[0])

    def admit(self, delivery: Delivery) -> Ack:
        """Nothing comes to a mailbox by webhook; what we read ourselves needs no admission."""
        if delivery.source == "webhook":
            raise Forged("e-mail is read from the mailbox (IMAP); it has no webhook")
        return Ack()

    def parse(self, delivery: Delivery) -> Iterable[Event]:
        """What a mail says; one that was too large to fetch says so itself."""
        from omnichannel.channels.email.parse import parse

        if delivery.header(_WITHHELD):
            where = delivery.url
            return [Unreadable(reason="the mail server lists this message but does not give it", where=where)]
        events: list[Event] = parse(delivery.body, trusted=self._trusted, own=self._own)
        if delivery.source == "history":
            events = [self._filed(delivery, event) for event in events]
        size = delivery.header(_TRUNCATED)
        return [_cut_short(event, size) for event in events] if size else events

    def _filed(self, delivery: Delivery, event: Event) -> Event:
        from omnichannel.channels.email.filed import filed

        if not isinstance(event, Received) or event.direction is Direction.OUTBOUND:
            return event
        sent, vouched = bool(delivery.header(_SENT)), bool(delivery.header(_VOUCHED))
        return filed(event, delivery.body, self._own, sent=sent, vouched=vouched)

    def content(self, delivery: Delivery, attachment: Attachment) -> bytes:
        """The bytes of a file in a mail, decoded. Raises NotFound for a file of another mail."""
        from omnichannel.channels.email.attachments import attachment_bytes

        found = attachment_bytes(delivery.body, attachment.index) if attachment.index is not None else b""
        if sha256(found).hexdigest() != attachment.sha256:
            raise NotFound(f"this mail has no file {attachment.name!r} like that")
        return found

    def render(self, draft: Draft) -> Sequence[Call]:
        """One mail to one person (and copies): text, its HTML alternative, attachments."""
        return (render(draft, self._head),)

    def read(self, call: Call, response: Response) -> Receipt:
        """What the mail server's reply means."""
        return receipt(call, response)

    def sources(self) -> Sequence[Source]:
        """The folders to read."""
        return link.sources(self.name, self._imap, self._folders, self._since) if self._imap else ()

    def histories(self, since: datetime) -> Sequence[Source]:
        """The same folders, back to that day; with the folder of sent mail among `folders`, our answers too."""
        return link.sources(self.name, self._imap, self._folders, since.date()) if self._imap else ()

    def sender(self) -> Sender:
        """The wire to the submission server; raises ConfigError when there is none."""
        if self._smtp is None:
            raise ConfigError(
                "smtp", f"{self.name} has no server to send with", "Give `smtp`, e.g. smtps://host"
            )
        return link.sender(self._smtp, self._head.domain)

    def start_link(self, token: str) -> str:
        """A mailto link to our address with the token as its tag; raises Unsupported where tags do not work."""
        tagged = plus(self._head.address, token) if self._head.tags else ""
        if not tagged:
            raise Unsupported(
                f"{self._head.address} cannot carry a token of {len(token)} characters: "
                "use a mailbox with plus addressing and a short name"
            )
        return f"mailto:{quote(tagged, safe='@+')}"

    async def find(self, call: Call, doubt: Doubt) -> Receipt | None:  # noqa: ARG002 - the Message-ID is enough
        """Look for it in the folder of sent mail, where most providers keep what they sent for us."""
        if self._imap is None or not await link.lies_in_sent(self._imap, call.correlator):
            return None
        return Sent(external_id=call.correlator, detail="it lies in the folder of sent mail")

    async def check(self) -> Sequence[Finding]:
        """Whether both servers let us in, whether mail is announced, and whether senders can be proven."""
        found = [_finding_trusted(self._trusted)]
        if self._imap:
            found += await link.check_imap(self._imap, self._folders)
        if self._smtp:
            found.append(await link.check_smtp(self._smtp, self._head.domain))
        if not (self._imap or self._smtp):
            found.append(
                Finding(ok=False, what="neither imap nor smtp is set", cure="Give at least one of them")
            )
        return found


def _several(setting: str, given: Sequence[str]) -> tuple[str, ...]:
    """A lone string is a sequence of letters to Python, and never what was meant."""
    if isinstance(given, str) or not all(each.strip() for each in given):
        raise ConfigError(setting, f"{given!r} is not a list of names", f"Write it as {setting}=['…']")
    return tuple(given)


def _cut_short(event: Event, size: str) -> Event:
    if not isinstance(event, Received):
        return event
    told = System(
        what="too_large",
        text=f"This e-mail has {size} bytes, too many to fetch: here is its header, the rest is in the mailbox.",
    )
    return event.model_copy(update={"parts": (*event.parts, told), "notes": (*event.notes, "truncated")})


def _finding_trusted(trusted: tuple[str, ...]) -> Finding:
    if trusted:
        return Finding(ok=True, what=f"senders are proven by {', '.join(trusted)}")
    return Finding(
        ok=False,
        what="no authserv-id is trusted: no sender counts as proven, so mail alone never joins two customers",
        cure="Set `trusted` to the first word of the topmost Authentication-Results in a mail that you received",
    )
