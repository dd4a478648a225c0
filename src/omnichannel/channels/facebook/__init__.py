"""A Facebook Page's posts and comments: signed webhooks in, public answers and one private reply out.

What people write to the Page on Messenger is another channel's; here it is recognised and ignored.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import ClassVar

from pydantic import SecretStr

from omnichannel.channel import Call, Delivery, Finding, Response, Source
from omnichannel.channels.facebook import parse, render
from omnichannel.channels.facebook.feed import KIND
from omnichannel.model import (
    Capabilities,
    Doubt,
    Draft,
    Event,
    Receipt,
    Sent,
    TextLimit,
)
from omnichannel.platforms.meta import settings, upload
from omnichannel.platforms.meta.account import PageChannel
from omnichannel.platforms.meta.messaging.window import PRIVATE_REPLY
from omnichannel.toolbox import answer, string

__all__ = ["Facebook"]

_TOKEN_CURE = "Make one for the Page in the app's dashboard, or ask GET /me/accounts"  # noqa: S105 - advice


class Facebook(PageChannel):
    """One Page's posts and comments.

    `page_id` and `page_token` are the Page's own (a Page token, not a user's); `app_secret` is the app's, or
    several while it is being changed; `verify_token` is a word of your own that Meta repeats when the webhook
    is set up. `mentions` says that Meta approved the Page Mentioning feature: public answers then begin with
    the person's name, and they are told. Raises ConfigError naming the setting and the cure.
    """

    kind: ClassVar[str] = KIND
    token_cure: ClassVar[str] = _TOKEN_CURE
    fields: ClassVar[tuple[str, ...]] = parse.SUBSCRIBED
    can: ClassVar[Capabilities] = Capabilities(
        text=TextLimit(size=render.LONGEST_COMMENT, measure="chars", splits=True),
        private_text=TextLimit(size=render.LONGEST_PRIVATE, measure="chars"),
        public=True,
        private=True,
        hears=False,
        parts_in=frozenset({"text", "attachment", "reference", "system"}),
        parts_out=frozenset({"text", "attachment"}),
        media=("image/*",),
        max_bytes=upload.MOST_IMAGE_BYTES,
        max_attachments=render.MOST_IMAGES,
        window=PRIVATE_REPLY,
        threads=True,
        echoes=True,
        edits=True,
        deletes=True,
        reactions=True,
        answers=True,
        history=True,
        fetches=True,
        signs_body=True,
        finds=True,
    )

    mentions: bool = False

    def __init__(
        self,
        name: str,
        *,
        page_id: str,
        page_token: str | SecretStr,
        app_secret: str | SecretStr | Iterable[str | SecretStr],
        verify_token: str | SecretStr,
        mentions: bool = False,
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
        self.mentions = mentions

    def parse(self, delivery: Delivery) -> Iterator[Event]:
        """Every change of every entry, in order. Raises Malformed if it is not JSON or no webhook at all."""
        return parse.events(delivery, self.page_id)

    def render(self, draft: Draft) -> Sequence[Call]:
        """Comments that answer one, or its private reply. Raises Unsupported, TooLarge or WindowClosed."""
        return render.calls(draft, edge=self.edge, page_id=self.page_id, mentions=self.mentions)

    def read(self, call: Call, response: Response) -> Receipt:
        """Sent with the id that the webhook will name; a private reply also says who that is on Messenger."""
        receipt = super().read(call, response)
        person = string(answer(response), "recipient_id")
        if isinstance(receipt, Sent) and person:
            return receipt.model_copy(update={"detail": f"their Messenger id is {person}"})
        return receipt

    def histories(self, since: datetime) -> Sequence[Source]:
        """Visitors' posts, and everybody's comments, since a moment."""
        from omnichannel.channels.facebook.link import history

        return (history(self, self.edge, self.page_id, since),)

    async def find(self, call: Call, doubt: Doubt) -> Receipt | None:
        """Ask the comment or post that it answers; of a private reply only the echo tells."""
        from omnichannel.channels.facebook.link import found

        return await found(self, call, doubt)

    async def check(self) -> Sequence[Finding]:
        """Ask Meta whether the token is this Page's and may read comments, and the webhook brings them."""
        from omnichannel.channels.facebook.link import reading

        found = await super().check()
        return (*found, *await reading(self, self.edge, self.page_id)) if len(found) > 1 else found
