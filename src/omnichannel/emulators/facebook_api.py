"""The HTTP side of the emulated Page: comments, private replies, lists of the past, and what doctor asks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from omnichannel.emulators.graph_account import AccountApi
from omnichannel.emulators.graph_api import (
    GraphError,
    graph_time,
    inner,
    page_of,
    too_fast,
)

if TYPE_CHECKING:
    from omnichannel.emulators.facebook import FacebookPage, Said
    from omnichannel.emulators.graph import Fault

_LONGEST = 8000


def routes(page: FacebookPage) -> list[Route]:
    """Everything the Page answers to."""
    api = _Api(page)
    return [
        Route("/files/{name}", api.file),
        Route("/{version}/{node}/comments", api.comment, methods=["POST"]),
        Route("/{version}/{node}/messages", api.message, methods=["POST"]),
        Route("/{version}/{node}/{edge}", api.look, methods=["GET"]),
        Route("/{version}/{node}", api.look, methods=["GET"]),
    ]


class _Api(AccountApi):
    def __init__(self, page: FacebookPage) -> None:
        self.page = page

    @property
    def token(self) -> str:
        """The account's own."""
        return self.page.page_token

    @property
    def faults(self) -> list[Fault]:
        """Of the account."""
        return self.page.faults

    def paced(self, request: Request, fields: dict[str, object]) -> None:  # noqa: ARG002 - the address tells
        """Private replies by the hour."""
        if request.url.path.endswith("/messages") and not self.page.private_pace.takes():
            raise too_fast()

    async def file(self, request: Request) -> Response:
        """A picture that somebody sent: its address is all that is needed."""
        return Response(self.page.files[request.path_params["name"]], media_type="image/png")

    async def comment(self, request: Request) -> Response:
        """`POST /{object}/comments`."""
        return await self.done(request, self._comment)

    async def message(self, request: Request) -> Response:
        """`POST /{page}/messages`, for private replies."""
        return await self.done(request, self._private_reply)

    def _find(self, node: str) -> Said:
        said = self.page.said.get(node)
        if said is None:
            raise GraphError(
                100, f"Unsupported post request. Object with ID '{node}' does not exist", subcode=33
            )
        return said

    def _comment(self, node: str, fields: dict[str, object], content: bytes) -> dict[str, object]:
        text, url = str(fields.get("message") or ""), str(fields.get("attachment_url") or "")
        if not (text.strip() or url or content):
            raise GraphError(100, "The comment needs a message or an attachment")
        if len(text) > _LONGEST:
            raise GraphError(100, "The comment is too long")
        if url and not url.startswith("http"):
            raise GraphError(100, "attachment_url is no address")
        under = self._find(node)
        return {"id": self.page.say_as(self.page.page, text, under=under.id, photo=content, url=url).id}

    def _private_reply(self, node: str, fields: dict[str, object], content: bytes) -> dict[str, object]:
        if node not in ("me", self.page.page_id):
            raise GraphError(100, "Unsupported request - no such Page", subcode=33)
        recipient, message = inner(fields, "recipient"), inner(fields, "message")
        said = self._find(str(recipient.get("comment_id") or recipient.get("post_id") or ""))
        if said.answered_privately:
            raise GraphError(10900, "Activity already replied to")
        if said.author is self.page.page or self.page.clock() - said.at > timedelta(days=7):
            raise GraphError(10903, "This user cannot reply to this activity")
        text, attachment = str(message.get("text") or ""), inner(message, "attachment")
        if bool(text.strip()) == bool(attachment) or len(text) > 2000 or (content and not attachment):
            raise GraphError(100, "Param message needs either text or attachment")
        said.answered_privately = True
        said.author.inbox.append(text or f"[{attachment.get('type')}]")
        mid = f"m_{self.page.number()}"
        echo = {"mid": mid, "is_echo": True, "app_id": 555000555000555, **message}
        self.page.hook.messaged(
            {
                "sender": {"id": self.page.page_id},
                "recipient": {"id": said.author.psid},
                "timestamp": self.page.hook.milliseconds(),
                "message": echo,
            }
        )
        return {"recipient_id": said.author.psid, "message_id": mid}

    def told(self, request: Request) -> dict[str, object]:
        node, edge = request.path_params["node"], request.path_params.get("edge", "")
        if node in ("me", self.page.page_id) and not edge:
            return {"id": self.page.page_id, "name": self.page.page.name}
        if edge == "subscribed_apps":
            app = {"id": "555000555000555", "subscribed_fields": self.page.subscribed}
            return {"data": [app] if self.page.subscribed else []}
        if not self.page.readable:
            raise GraphError(10, "This endpoint requires the 'pages_read_user_content' permission")
        if edge == "feed":
            posts = [one for one in self.page.said.values() if not one.post]
            newest = sorted(posts, key=lambda one: one.at, reverse=True)
            return page_of(
                [self._told(one) | {"updated_time": self._updated(one)} for one in newest], request
            )
        if edge == "comments":
            return self._comments(self._find(node), request)
        raise GraphError(100, "Unsupported get request", subcode=33)

    def _comments(self, post: Said, request: Request) -> dict[str, object]:
        """All of them in a row (`filter=stream`), as they were said; of a comment, or without it, the ones below."""
        below = bool(post.post) or request.query_params.get("filter") != "stream"
        found = [one for one in self.page.said.values() if (one.parent if below else one.post) == post.id]
        backwards = request.query_params.get("order") == "reverse_chronological"
        ordered = sorted(found, key=lambda one: one.at, reverse=backwards)
        return page_of([self._told(one) for one in ordered], request)

    def _updated(self, post: Said) -> str:
        moments: list[datetime] = [one.at for one in self.page.said.values() if post.id in (one.id, one.post)]
        return graph_time(max(moments))

    def _told(self, said: Said) -> dict[str, object]:
        told: dict[str, object] = {"id": said.id, "created_time": graph_time(said.at), "message": said.text}
        if not self.page.withheld:
            told["from"] = {"id": said.author.id, "name": said.author.name}
        if said.post and said.parent != said.post:
            told["parent"] = {"id": said.parent}
        if said.photo:
            told["attachment"] = {"type": "photo", "media": {"image": {"src": said.photo}}, "url": said.photo}
        return told
