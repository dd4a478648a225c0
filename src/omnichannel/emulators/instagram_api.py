"""The HTTP side of the emulated account: messages, replies, names, lists of the past, and what doctor asks."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
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
    replies_of,
    too_fast,
)

if TYPE_CHECKING:
    from omnichannel.emulators.graph import Fault
    from omnichannel.emulators.instagram import Comment, InstagramAccount, Person

_KINDS = ("image", "audio", "video", "file")
_MENTIONED = re.compile(r"mentioned_(comment|media)\.(?:comment|media)_id\(([0-9]+)\)\{(?:text|caption)\}")
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def routes(account: InstagramAccount) -> list[Route]:
    """Everything the account answers to."""
    api = _Api(account)
    return [
        Route("/files/{name}", api.file),
        Route("/{version}/{node}/messages", api.message, methods=["POST"]),
        Route("/{version}/{node}/replies", api.reply, methods=["POST"]),
        Route("/{version}/{node}/mentions", api.mention, methods=["POST"]),
        Route("/{version}/{node}/{edge}", api.look, methods=["GET"]),
        Route("/{version}/{node}", api.look, methods=["GET"]),
    ]


class _Api(AccountApi):
    def __init__(self, account: InstagramAccount) -> None:
        self.account = account

    @property
    def token(self) -> str:
        """The account's own."""
        return self.account.token

    @property
    def faults(self) -> list[Fault]:
        """Of the account."""
        return self.account.faults

    @property
    def node(self) -> str:
        """Whose `messages` there are: with Facebook Login the Page's."""
        return self.account.page_id if self.account.login == "facebook" else self.account.account_id

    def paced(self, request: Request, fields: dict[str, object]) -> None:
        """Messages by the second, private replies by the hour."""
        account = self.account
        private = "comment_id" in inner(fields, "recipient")
        if request.url.path.endswith("/messages") and not (
            account.pace.takes() and (not private or account.private_pace.takes())
        ):
            raise too_fast(subcode=2534040)

    async def file(self, request: Request) -> Response:
        """What somebody sent: its address is all that is needed."""
        return Response(self.account.files[request.path_params["name"]])

    async def message(self, request: Request) -> Response:
        """`POST /{account or page}/messages`."""
        return await self.done(request, self._message)

    async def reply(self, request: Request) -> Response:
        """`POST /{comment}/replies`."""
        return await self.done(request, self._reply)

    async def mention(self, request: Request) -> Response:
        """`POST /{account}/mentions`: below where we were mentioned."""
        return await self.done(request, self._mention)

    def _mention(self, node: str, fields: dict[str, object], _content: bytes) -> dict[str, object]:
        media, number = str(fields.get("media_id")), str(fields.get("comment_id") or fields.get("media_id"))
        found, text = self.account.comments.get(number), str(fields.get("message") or "")
        if node != self.account.account_id or found is None or found.media != media:
            raise GraphError(100, "Invalid comment", subcode=2534025)
        if not text.strip() or len(text) > 2200:
            raise GraphError(100, "Param message must be a text of at most 2200 characters")
        return {"id": self.account.answer_mention(text, found)}

    def _mentioned(self, asked: str) -> dict[str, object]:
        """`mentioned_comment.comment_id(…){text}` and `mentioned_media.media_id(…){caption}`."""
        found = _MENTIONED.fullmatch(asked)
        said = self.account.comments.get(found[2]) if found else None
        if (
            found is None
            or said is None
            or not said.media
            or (found[1] == "media") != (said.id == said.media)
        ):
            raise GraphError(100, "Unsupported get request. Object does not exist", subcode=33)
        told = {"id": said.id, "caption" if found[1] == "media" else "text": said.text}
        return {f"mentioned_{found[1]}": told, "id": self.account.account_id}

    def _reply(self, node: str, fields: dict[str, object], _content: bytes) -> dict[str, object]:
        text = str(fields.get("message") or "")
        said = self.account.comments.get(node)
        if said is None or said.media:  # those of other people's posts are answered by `mentions` alone
            raise GraphError(100, "Invalid comment", subcode=2534025)
        if not text.strip() or len(text) > 2200:
            raise GraphError(100, "Param message must be a text of at most 2200 characters")
        return {"id": self.account.say_as(self.account.account, text, under=node).id}

    def _message(self, node: str, fields: dict[str, object], _content: bytes) -> dict[str, object]:
        from omnichannel.emulators.instagram import Message

        if node not in ("me", self.node):
            raise GraphError(100, "Unsupported request - no such account", subcode=33)
        recipient, message = inner(fields, "recipient"), inner(fields, "message")
        person, comment = self._recipient(recipient)
        if "sender_action" in fields:
            self.account.signs.append((person.id, str(fields["sender_action"])))
            return {"recipient_id": person.id}
        if comment is None:
            self._allow(fields, person)
        text, attachment = str(message.get("text") or ""), inner(message, "attachment")
        _check(message, text, attachment)
        if comment is not None:
            comment.answered_privately = True
        replies = replies_of(message)
        said = Message(
            self.account.mid(),
            ours=True,
            at=self.account.clock(),
            text=text,
            url=str(inner(attachment, "payload").get("url", "")),
            kind=str(attachment.get("type") or ""),
            quick_replies=tuple(title for title, _ in replies),
            payloads=tuple(payload for _, payload in replies),
        )
        return {"recipient_id": person.id, "message_id": self.account.say(person, said)}

    def _recipient(self, recipient: dict[str, object]) -> tuple[Person, Comment | None]:
        if "comment_id" in recipient:
            comment = self.account.comments.get(str(recipient["comment_id"]))
            if comment is None:
                raise GraphError(100, "Invalid comment", subcode=2534025)
            if comment.answered_privately:
                raise GraphError(10900, "Activity already replied to")
            late = self.account.clock() - comment.at > timedelta(days=7)
            if late or (comment.live and not self.account.on_air):
                raise GraphError(10903, "This user cannot reply to this activity")
            return comment.author, comment
        person = self.account.people.get(str(recipient.get("id")))
        if person is None:
            raise GraphError(100, "No matching user found", subcode=2534014)
        if person.blocked:
            raise GraphError(551, "This person isn't available right now.", subcode=1545041)
        return person, None

    def _allow(self, fields: dict[str, object], person: Person) -> None:
        silence = self.account.clock() - person.heard_at if person.heard_at else timedelta.max
        tagged = fields.get("messaging_type") == "MESSAGE_TAG"
        if tagged and fields.get("tag") not in self.account.approved:
            raise GraphError(10, "The app has no permission to use HUMAN_AGENT", subcode=2018276)
        if silence > timedelta(days=7) or (silence > timedelta(hours=24) and not tagged):
            raise GraphError(10, "This message is sent outside of allowed window.", subcode=2534022)

    def told(self, request: Request) -> dict[str, object]:
        node, edge = request.path_params["node"], request.path_params.get("edge", "")
        account = self.account
        asked = request.query_params.get("fields", "")
        if not edge and node == account.account_id and asked.startswith("mentioned_"):
            return self._mentioned(asked)
        if not edge:
            return self._node(node)
        if edge == "subscribed_apps":
            app = {"id": "555000555000555", "subscribed_fields": account.subscribed}
            return {"data": [app] if account.subscribed else []}
        if edge == "conversations" and node == self.node:
            asked_for = request.query_params.get("user_id")
            everybody = [one for one in account.people.values() if asked_for in (None, one.id)]
            newest = sorted(everybody, key=lambda one: one.heard_at or _LONG_AGO, reverse=True)
            return page_of([self._conversation(one) for one in newest if one.thread], request)
        if edge == "media" and node == account.account_id:
            media: dict[str, object] = {"id": account.media_id, "comments_count": len(account.comments)}
            return page_of([media], request)
        if edge == "comments" and node == account.media_id:
            top = [one for one in account.comments.values() if not (one.parent or one.media)]
            newest_first = sorted(top, key=lambda one: one.at, reverse=True)
            return page_of([self._told(one) for one in newest_first], request)
        if edge == "replies" and node in account.comments:
            return page_of(
                [self._told(one) for one in account.comments.values() if one.parent == node], request
            )
        raise GraphError(100, "Unsupported get request", subcode=33)

    def _node(self, node: str) -> dict[str, object]:
        account = self.account
        if account.login == "facebook" and node in ("me", account.page_id):
            linked = {"id": account.account_id, "username": account.account.username}
            return {"id": account.page_id, "name": "Shop", "instagram_business_account": linked}
        if node in ("me", account.account_id):
            # The app knows the account by an id of its own, the webhooks by the other.
            return {
                "id": "9900000000000001",
                "user_id": account.account_id,
                "username": account.account.username,
            }
        person = account.people.get(node)
        if person is None:
            raise GraphError(100, "Unsupported get request. Object does not exist", subcode=33)
        if person.heard_at is None or person.shy:
            raise GraphError(230, "User consent is required to access user profile")
        return {"id": person.id, "name": person.name, "username": person.username}

    def _conversation(self, person: Person) -> dict[str, object]:
        """A conversation with its newest twenty messages, newest first: of older ones Meta tells nothing."""
        them, us = ({"id": one.id, "username": one.username} for one in (person, self.account.account))
        messages = [
            {
                "id": said.mid,
                "created_time": graph_time(said.at),
                "from": us if said.ours else them,
                "to": {"data": [them if said.ours else us]},
                "message": said.text,
            }
            for said in reversed(person.thread[-20:])
        ]
        updated = graph_time(person.thread[-1].at)
        return {"id": f"aWdfZAG06{person.id}", "updated_time": updated, "messages": {"data": messages}}

    def _told(self, comment: Comment) -> dict[str, object]:
        author = comment.author
        below = [one for one in self.account.comments.values() if one.parent == comment.id]
        told: dict[str, object] = {
            "id": comment.id,
            "text": comment.text,
            "timestamp": graph_time(comment.at),
            "username": author.username,
            "from": {"id": author.id, "username": author.username},
        }
        if below:
            told["replies"] = {"data": [self._told(one) for one in reversed(below)]}
        return told


def _check(message: dict[str, object], text: str, attachment: dict[str, object]) -> None:
    if bool(text.strip()) == bool(attachment):
        raise GraphError(100, "Param message needs either text or attachment", subcode=2534015)
    if len(text.encode()) > 1000:
        raise GraphError(100, "Length of param message[text] must be at most 1000 bytes", subcode=2534015)
    if "metadata" in message:
        raise GraphError(100, 'Invalid keys "metadata" were found in param message', subcode=2534015)
    replies = message.get("quick_replies")
    if isinstance(replies, list) and (len(replies) > 13 or attachment):
        raise GraphError(100, "At most 13 quick replies, beside a text", subcode=2534015)
    if attachment and (
        attachment.get("type") not in _KINDS
        or not str(inner(attachment, "payload").get("url", "")).startswith("http")
    ):
        raise GraphError(100, "Upload attachment failure.", subcode=2018047)
