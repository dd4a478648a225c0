"""Messenger as an emulator: a served `graph.Page` that people write to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import ClassVar

from omnichannel.channels.messenger.parse import FIELDS
from omnichannel.emulators.emulator import Button, File, Seen
from omnichannel.emulators.graph import Page, Said
from omnichannel.emulators.serving import ServedEmulator


class MessengerPage(ServedEmulator):
    """Messenger with one Page. `page` has everything else: edits, reactions, receipts, faults."""

    kind: ClassVar[str] = "messenger"
    takes_files: ClassVar[bool] = True

    def __init__(self, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.page = Page(clock=clock)
        super().__init__(self.page.app)
        self.page.files_at = f"{self.url}/files"

    @property
    def settings(self) -> dict[str, object]:
        """The Page with its secrets."""
        page = self.page
        return {
            "page_id": page.page_id,
            "page_token": page.page_token,
            "app_secret": page.hook.app_secret,
            "verify_token": page.hook.verify_token,
            "host": self.url,
        }

    def connect(self, hook: str) -> None:
        """Set the webhook, with Meta's challenge, for everything. Raises ValueError if it was not answered."""
        self.page.hook.connect(hook)
        self.page.subscribed = self.page.subscribed or list(FIELDS)

    def write(self, who: str, text: str) -> str:
        """Write to the Page."""
        return self.page.write(who, text)

    def attach(self, who: str, name: str, media_type: str, content: bytes) -> str:  # noqa: ARG002 - names are not kept
        """A picture, film or sound as such, anything else as a file."""
        return self.page.attach(who, media_type, content)

    def push(self) -> Sequence[int]:
        """Deliver what is on its way."""
        return self.page.hook.push()

    def lose(self) -> int:
        """Meta gives up what it could not deliver."""
        return self.page.hook.lose()

    def shown(self, who: str) -> Sequence[str]:
        """What the Page said to that person; a file by its kind."""
        return [said.text or f"[{said.attachment}]" for said in self.page.thread(who) if said.by == "page"]

    def seen(self, who: str) -> Sequence[Seen]:
        """The same with files, and quick replies, which are gone as soon as the person says something."""
        thread = self.page.thread(who)
        return [
            _seen(said, fresh=all(one.by == "page" for one in thread[number:]))
            for number, said in enumerate(thread)
            if said.by == "page"
        ]

    def _pressed(self, who: str, message: str, button: Button) -> str:  # noqa: ARG002 - Meta does not tell which
        return self.page.write(who, button.title, tap=button.value)


def _seen(said: Said, *, fresh: bool) -> Seen:
    replies = zip(said.quick_replies, said.payloads, strict=True) if fresh else ()
    files = (File(f"[{said.attachment}]", said.url),) if said.attachment else ()
    return Seen(said.text, said.mid, tuple(Button(title, payload) for title, payload in replies), files)
