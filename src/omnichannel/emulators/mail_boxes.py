"""The hosted mailboxes and the IMAP server before them: pymap, with its in-memory store."""

from __future__ import annotations

import asyncio
import ssl
from argparse import Namespace
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime

from proxyprotocol.sock import SocketInfo
from pymap.backend.dict import Config, Identity, Login
from pymap.backend.dict.filter import FilterSet
from pymap.backend.dict.mailbox import MailboxData, MailboxSet
from pymap.concurrent import Event, Subsystem
from pymap.exceptions import InvalidAuth
from pymap.imap import IMAPServer
from pymap.mailbox import MailboxSnapshot
from pymap.parsing.message import AppendMessage
from pymap.parsing.specials import ObjectId
from pymap.selected import SelectedMailbox
from pymap.user import UserMetadata
from pysasl import SASLAuth
from pysasl.creds.external import ExternalCredentials, ExternalVerificationRequired
from pysasl.creds.server import ServerCredentials
from pysasl.hashing import BuiltinHash

from omnichannel.emulators.mail_stamp import mailbox_of


class Boxes:
    """Mailboxes by address. Everything but the constructor runs in the emulator's loop."""

    def __init__(
        self, passwords: Mapping[str, str], tokens: Mapping[str, str], starttls: ssl.SSLContext | None
    ) -> None:
        self._passwords = passwords
        self._tokens = tokens
        self._starttls = starttls
        self._sets: dict[str, _Folders] = {}
        self._connections: set[asyncio.StreamWriter] = set()
        self._server: IMAPServer | None = None

    async def open(self) -> None:
        """Make the mailboxes, all empty."""
        config = _config(self._starttls)
        config.apply_context()
        login = _Login(config, self._tokens)
        for address, password in self._passwords.items():
            hashed = config.hash_context.hash(config.password_prep(password))
            login.users_dict[address] = UserMetadata(config, address, password=hashed)
            mailboxes = _Folders()
            config.set_cache[address] = (mailboxes, FilterSet())
            self._sets[address.lower()] = mailboxes
        self._server = IMAPServer(login, config)

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one IMAP connection."""
        assert self._server is not None
        self._connections.add(writer)
        try:
            with suppress(OSError, EOFError, asyncio.CancelledError):
                await self._server(reader, writer, SocketInfo.get(writer, None))
        finally:
            self._connections.discard(writer)
            writer.transport.abort()

    def hosts(self, address: str) -> bool:
        """Whether mail to this address stays here."""
        return mailbox_of(address) in self._sets

    async def deliver(self, address: str, raw: bytes, at: datetime, folder: str = "INBOX") -> None:
        """Put a mail into a folder; raises KeyError where there is none."""
        mailbox = await self._folder(address, folder)
        await mailbox.append(AppendMessage(raw, at, frozenset()), recent=True)

    async def keep(self, address: str, raw: bytes, at: datetime, folder: str) -> None:
        """Put a mail into a folder, which is made if there is none."""
        try:
            await self.deliver(address, raw, at, folder)
        except KeyError:
            await self.add_folder(address, folder)
            await self.deliver(address, raw, at, folder)

    async def add_folder(self, address: str, name: str) -> None:
        """Make a new, empty folder."""
        await self._sets[mailbox_of(address)].add_mailbox(name)

    async def renumber(self, address: str) -> None:
        """Give the INBOX another UIDVALIDITY and its mails other UIDs."""
        mailbox = await self._folder(address, "INBOX")
        before = mailbox.uid_validity
        while mailbox.uid_validity == before:
            mailbox._uid_validity = MailboxSnapshot.new_uid_validity()  # noqa: SLF001
        for uid in [message.uid async for message in mailbox.messages()]:
            await mailbox.move(uid, mailbox)

    def drop_connections(self) -> None:
        """Break every connection."""
        for writer in list(self._connections):
            writer.transport.abort()

    async def _folder(self, address: str, folder: str) -> MailboxData:
        return await self._sets[mailbox_of(address)].get_mailbox(folder)


class _Folder(MailboxData):
    """pymap's folder; its IDLE forgets what came just before it began, which real servers tell first."""

    async def update_selected(
        self, selected: SelectedMailbox, *, wait_on: Event | None = None
    ) -> SelectedMailbox:
        behind = selected.mod_sequence != self._mod_sequences.highest
        return await super().update_selected(selected, wait_on=None if behind else wait_on)


class _Folders(MailboxSet):
    """pymap's folders of one user, made of ours."""

    def __init__(self) -> None:
        super().__init__()
        self._inbox = _Folder(self._content_cache, self._thread_cache)

    async def add_mailbox(self, name: str) -> ObjectId:
        self._set[name] = folder = _Folder(self._content_cache, self._thread_cache)
        return folder.mailbox_id


class _Login(Login):
    """pymap's login, which knows passwords, taught XOAUTH2."""

    def __init__(self, config: Config, tokens: Mapping[str, str]) -> None:
        super().__init__(config)
        self._access_tokens = tokens

    async def authenticate(self, credentials: ServerCredentials) -> Identity:
        if not isinstance(credentials, ExternalCredentials):
            return await super().authenticate(credentials)
        try:
            credentials.verify(None)
        except ExternalVerificationRequired as required:
            token = required.token
        if not token or self._access_tokens.get(credentials.authzid) != token:
            raise InvalidAuth
        return Identity(credentials.authzid, self, None, frozenset())


class _Config(Config):
    """pymap's configuration without what looks names up or waits."""

    @property
    def greeting(self) -> bytes:
        return b"mail emulator"

    @property
    def tls_auth(self) -> SASLAuth:
        return SASLAuth.named([b"PLAIN", b"LOGIN", b"XOAUTH2"])


def _config(starttls: ssl.SSLContext | None) -> Config:
    return _Config(
        Namespace(proxy_protocol=None, passlib_cfg=None),
        demo_data=False,
        demo_user="",
        demo_password="",
        host=None,
        port=0,
        ssl_context=starttls,
        tls_enabled=starttls is not None,
        hash_context=BuiltinHash(rounds=1),
        cpu_subsystem=Subsystem.for_asyncio(),
        invalid_user_sleep=0.0,
        bad_command_limit=None,
    )
