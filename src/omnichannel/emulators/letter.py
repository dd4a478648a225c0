"""Everything between our desk and a letter box: people who write letters, the scanner, Pingen, and the postman.

    with Post() as post:
        letter = post.channel("post")        # reads the folder of the scanner, prints at Pingen
        post.write("Ann de Vries", "Where is my bicycle?")

What people write is scanned into a watched folder; what is sent to Pingen is printed and brought to whoever stands
in the window. Script what goes wrong with `faults` and `undeliverable`. Needs the extras `letter` and `demo`.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self
from uuid import UUID

import httpx

from omnichannel.emulators.emulator import Emulator
from omnichannel.emulators.letter_api import service
from omnichannel.emulators.letter_paper import address_of, body_of, in_window, scan
from omnichannel.emulators.serving import Served
from omnichannel.tls import trusted

OURS = "Fietsenwinkel De Ketting B.V.\nKerkstraat 1\n3511 LX Utrecht"


@dataclass
class Print:
    """A letter at Pingen: its file, how it is to be printed, and how it stands."""

    id: str
    name: str
    pdf: bytes
    address: str
    printing: dict[str, object]
    status: str = "validating"


@dataclass(frozen=True)
class Fault:
    """What one request is answered whose path ends like that; `taken` if what it asks is done all the same."""

    path: str
    status: int
    taken: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)


class Post(Emulator):
    """A scanner with its folder, and an organisation at Pingen.

    `looks` is how often a new letter is still `validating` when it is asked for. What people write is dated and kept
    by `clock`.
    """

    kind: ClassVar[str] = "letter"

    def __init__(
        self,
        *,
        organisation: str = "4c08c24e-65f8-47cf-b280-518ee76e3437",
        client: str = "client-of-the-emulator",
        secret: str = "secret-of-the-emulator",  # noqa: S107 - an emulator's
        signing_key: str = "signing-key-of-the-emulator",
        looks: int = 0,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.organisation, self.client, self.secret, self.signing_key = (
            organisation,
            client,
            secret,
            signing_key,
        )
        self.looks, self.clock = looks, clock
        self.token = hashlib.sha256(secret.encode()).hexdigest()
        self.places: dict[str, bytes] = {}
        self.prints: dict[str, Print] = {}
        self.answers: dict[str, tuple[int, bytes]] = {}
        self.faults: list[Fault] = []
        self.lock = threading.Lock()
        self.hook = ""
        self._pending: list[dict[str, object]] = []
        self._numbers = count(1)
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._served: Served | None = None

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="post-")
        self._served = Served(service(self)).__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._served is not None:
            self._served.__exit__(kind, error, trace)
        if self._folder is not None:
            self._folder.cleanup()

    @property
    def url(self) -> str:
        """Where Pingen listens, its identity server too."""
        if self._served is None:
            raise RuntimeError("the post is closed; use it in a with statement")
        return self._served.url

    @property
    def inbox(self) -> Path:
        """The folder that the scanner writes to."""
        if self._folder is None:
            raise RuntimeError("the post is closed; use it in a with statement")
        return Path(self._folder.name)

    @property
    def settings(self) -> dict[str, object]:
        """An account that reads the scanner's folder and has its letters printed at Pingen."""
        return {
            "address": OURS,
            "language": "nl",
            "inbox": str(self.inbox),
            "settle": 0.0,
            "pingen_organisation": self.organisation,
            "pingen_client": self.client,
            "pingen_secret": self.secret,
            "pingen_key": self.signing_key,
            "pingen_host": self.url,
            "pingen_identity": self.url,
        }

    def connect(self, hook: str) -> None:
        """Give Pingen the account's webhook; it asks nothing."""
        self.hook = hook

    # What people do.

    def write(self, who: str, text: str, *, picture: bool = False) -> str:
        """Somebody writes a letter, and it is scanned; its digest. It quotes our last reference, if there was one.

        A `picture` has no text layer, as most scanners make them: it takes OCR to read it.
        """
        got = self._brought(who)
        reference = got[-1].name.removesuffix(".pdf") if got else ""
        return self.scan(scan(who, text, OURS, reference, self.clock().date(), picture=picture))

    def scan(self, pdf: bytes, name: str = "") -> str:
        """The scanner puts a file into the folder, as scanners do: under another name first; its digest."""
        digest = hashlib.sha256(pdf).hexdigest()
        with self.lock:
            place = self.inbox / (name or f"scan-{next(self._numbers):05}.pdf")
        making = place.with_name(f".{place.name}.part")
        making.write_bytes(pdf)
        making.rename(place)
        return digest

    def shown(self, who: str) -> Sequence[str]:
        """What the letters say that the postman brought to somebody by that name."""
        return [body_of(letter.pdf) for letter in self._brought(who)]

    def letters(self, who: str) -> Sequence[bytes]:
        """Those letters, as they were printed."""
        return [letter.pdf for letter in self._brought(who)]

    def _brought(self, who: str) -> list[Print]:
        there = address_of(who).splitlines()[1]
        found = list(self.prints.values())
        return [each for each in found if each.status in ("sent", "delivered") and there in each.address]

    # What becomes of letters.

    def make(self, name: str, pdf: bytes, printing: dict[str, object]) -> Print:
        """Pingen makes a letter of a file; it stays where it is until it is sent."""
        number = UUID(
            int=int.from_bytes(hashlib.sha256(f"letter {next(self._numbers)}".encode()).digest()[:16], "big")
        )
        letter = Print(str(number), name, pdf, in_window(pdf), printing)
        letter.status = "validating" if self.looks else self._validated(letter)
        self.prints[letter.id] = letter
        return letter

    def look(self, letter: Print) -> None:
        """Somebody asks for a letter: one that was being validated may be so no more."""
        if letter.status == "validating":
            self.looks -= 1
            if self.looks <= 0:
                letter.status = self._validated(letter)

    def _validated(self, letter: Print) -> str:
        """A letter needs an address in the window (three lines, at least); otherwise somebody has to mend it."""
        if len(letter.address.splitlines()) >= 3:
            return "valid"
        self._happen("issues", letter, "content_failed_inspection", reason="Validation failed")
        return "action_required"

    def post(self, letter: Print) -> None:
        """It was sent: printed, and handed to the post."""
        letter.status = "sent"
        self._happen("sent", letter, "transferred_to_distributor")

    def delivered(self, who: str) -> None:
        """The postman put every letter for that person into the letter box."""
        for letter in self._brought(who):
            if letter.status != "delivered":
                letter.status = "delivered"
                self._happen("delivered", letter, "delivered")

    def undeliverable(self, who: str, reason: str = "Recipient could not be determined") -> None:
        """The post brings every letter for that person back."""
        for letter in self._brought(who):
            letter.status = "undeliverable"
            self._happen("undeliverable", letter, "undeliverable", reason=reason)

    # The webhook.

    def push(self) -> Sequence[int]:
        """Deliver what is on its way; the statuses it got. What was not taken comes again."""
        with self.lock:
            pending, self._pending = (self._pending, []) if self.hook else ([], self._pending)
        statuses: list[int] = []
        with httpx.Client(trust_env=False, verify=trusted()) as client:
            for body in pending:
                raw, headers = self.signed(body)
                try:
                    statuses.append(client.post(self.hook, content=raw, headers=headers).status_code)
                except httpx.HTTPError:
                    statuses.append(0)
                if not 200 <= statuses[-1] < 300:
                    with self.lock:
                        self._pending.append(body)
        return statuses

    def signed(self, body: Mapping[str, object]) -> tuple[bytes, dict[str, str]]:
        """A webhook as Pingen writes it (slashes escaped), and the headers that prove it."""
        raw = json.dumps(body, separators=(",", ":")).replace("/", "\\/").encode()
        mac = hmac.new(self.signing_key.encode(), raw, hashlib.sha256).hexdigest()
        return raw, {"content-type": "application/vnd.api+json", "signature": mac}

    def _happen(self, what: str, letter: Print, code: str, *, reason: str = "") -> None:
        from omnichannel.emulators.letter_api import told, webhook

        at = self.clock().strftime("%Y-%m-%dT%H:%M:%S%z")
        number = hashlib.sha256(f"{letter.id} {what} {code}".encode()).hexdigest()
        event = {"code": code, "name": code.replace("_", " ").capitalize(), "emitted_at": at}
        body = webhook(what, str(UUID(number[:32])), told(self, letter), event, at, reason)
        with self.lock:
            self._pending.append(body)
