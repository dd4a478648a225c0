"""Facebook Messenger: the messages of one Page. Signed webhooks in, the Send API out.

Comments under the Page's posts are another channel's; here they are recognised and ignored, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import ClassVar
from urllib.parse import quote

from pydantic import SecretStr

from omnichannel.channel import Call, Delivery, Source
from omnichannel.channels.messenger import parse, render
from omnichannel.channels.messenger.parse import FIELDS, KIND
from omnichannel.errors import Unsupported
from omnichannel.model import Address, Capabilities, Doubt, Draft, Event, Party, Receipt, TextLimit
from omnichannel.platforms.meta import settings, upload
from omnichannel.platforms.meta.account import PageChannel
from omnichannel.platforms.meta.messaging import saying
from omnichannel.platforms.meta.messaging.item import USER_REF
from omnichannel.platforms.meta.messaging.window import WINDOW

__all__ = ["Messenger"]

_TOKEN_CURE = "Make one in the app's dashboard: Messenger > Settings > Generate token"  # noqa: S105 - advice


class Messenger(PageChannel):
    """One Page on Messenger.

    `page_id` and `page_token` are the Page's own (a Page token, not a user's); `app_secret` is the app's, or
    several while it is being changed; `verify_token` is a word of your own that Meta repeats when the webhook
    is set up. `human_agent` says that Meta approved the Human Agent feature: people may then answer for seven
    days. Raises ConfigError naming the setting and the cure.
    """

    kind: ClassVar[str] = KIND
    token_cure: ClassVar[str] = _TOKEN_CURE
    fields: ClassVar[tuple[str, ...]] = FIELDS
    can: ClassVar[Capabilities] = Capabilities(
        text=TextLimit(size=render.LONGEST_TEXT, measure="chars", splits=True),
        parts_in=frozenset({"text", "attachment", "location", "choice", "reference", "system"}),
        parts_out=frozenset({"text", "attachment", "choice"}),
        media=("*/*",),  # what is no picture, sound or film goes as a file
        max_bytes=upload.MOST_BYTES,
        max_attachments=saying.MOST_ATTACHMENTS,
        max_options=saying.MOST_OPTIONS,
        window=WINDOW,
        echoes=True,
        statuses=frozenset({"sent", "delivered", "read"}),
        edits=True,
        deletes=True,
        reactions=True,
        signs_body=True,
        profiles=True,
        signals=frozenset(saying.SIGNS),
        answers=True,
        continues=True,
        history=True,
        fetches=True,
        finds=True,
    )

    human_agent: bool = False

    def __init__(
        self,
        name: str,
        *,
        page_id: str,
        page_token: str | SecretStr,
        app_secret: str | SecretStr | Iterable[str | SecretStr],
        verify_token: str | SecretStr,
        human_agent: bool = False,
        host: str = settings.HOST,
        version: str = settings.VERSION,
    ) -> None:
        super().__init__(
            name,
            token=page_token,
            app_secret=app_secret,
            verify_token=verify_token,
            host=host,
            version=version,
        )
        self.page_id = settings.page_of(page_id)
        self.human_agent = human_agent

    def parse(self, delivery: Delivery) -> Iterator[Event]:
        """Every item of every entry, in order. Raises Malformed if it is not JSON or no webhook at all."""
        return parse.events(delivery, self.page_id)

    def render(self, draft: Draft) -> Sequence[Call]:
        """One call for each text piece and attachment. Raises Unsupported, TooLarge or WindowClosed."""
        page = self.page_id or draft.to.address.scope
        return render.calls(
            draft,
            url=f"{self.edge}/{quote(page, safe='')}/messages",
            page_id=self.page_id,
            human_agent=self.human_agent,
        )

    def start_link(self, token: str) -> str:
        """A link that opens the conversation with this Page and brings the token back as a referral."""
        if not self.page_id:
            raise Unsupported("a link needs a Page; configure the account with page_id")
        return f"https://m.me/{self.page_id}?ref={quote(token, safe='')}"

    def signal(self, to: Party, sign: str, heard: str = "") -> Call:
        """Show that we are typing, or have seen what they wrote. Raises Unsupported."""
        if sign not in saying.SIGNS:
            return super().signal(to, sign, heard)
        page = self.page_id or to.address.scope
        return saying.signal(f"{self.edge}/{quote(page, safe='')}/messages", to.address.value, sign)

    def histories(self, since: datetime) -> Sequence[Source]:
        """What was said in every conversation since a moment; Meta tells the last twenty messages of each."""
        from omnichannel.platforms.meta.link.history import conversations

        return (conversations(self, self.edge, "page", self.page_id, self.page_id, since),)

    async def look_up(self, address: Address) -> Party | None:
        """The name that somebody has on Messenger; None for who is not this Page's, or has none to show.

        Raises httpx.HTTPError if the Graph API cannot be reached.
        """
        from omnichannel.channels.messenger.link.profile import asked

        if address.kind != KIND or address.scope != self.page_id or address.value.startswith(USER_REF):
            return None
        found = await asked(self, address.value)
        return found if found.name else None

    async def find(self, call: Call, doubt: Doubt) -> Receipt | None:
        """Ask the conversation whether it is there; the echo says so as well, and mostly earlier."""
        from omnichannel.platforms.meta.link.finding import in_conversation

        if doubt.to.scope != self.page_id or doubt.to.value.startswith(USER_REF):
            return None
        return await in_conversation(self, "page", self.page_id, self.page_id, call, doubt)
