"""The page behind a link in mail or on paper: looking at it changes nothing, sending its form does, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omnichannel.channel import Ack
from omnichannel.desk.ratings import Ratings, page
from omnichannel.errors import Malformed
from omnichannel.identity import digest
from omnichannel.inbox.desk.alone import take_desk
from omnichannel.inbox.desk.rated import tell
from omnichannel.store import Tx
from omnichannel.store.desk import ratings
from omnichannel.store.desk.ratings import Answer
from omnichannel.toolbox import load_form

if TYPE_CHECKING:
    from omnichannel.inbox.base import Base

_MOST_BYTES = 16 * 1024
_MOST_CHARS = 2000


async def visit(inbox: Base, method: str, secret: str, body: bytes) -> Ack:
    """Answer one request for the page of a link. Unknown, used and expired links look the same."""
    settings = inbox.plan.ratings if inbox.plan else None
    if settings is None:
        return _shown(404, "")
    if method in ("GET", "HEAD"):
        return await _look(inbox, settings, secret, bare=method == "HEAD")
    if method != "POST":
        return Ack(status=405, headers=(("allow", "GET, HEAD, POST"),), keep=False)
    return await _answer(inbox, settings, secret, body)


async def _look(inbox: Base, settings: Ratings, secret: str, *, bare: bool) -> Ack:
    held = await inbox.run_job(lambda tx: ratings.by_digest(tx, digest(secret)))
    if held is None:
        return _gone(settings)
    return _shown(200, "" if bare else page.form(settings.wording(held.language), held.language))


async def _answer(inbox: Base, settings: Ratings, secret: str, body: bytes) -> Ack:
    try:
        given = load_form(body, most=_MOST_BYTES)
    except Malformed:
        return _shown(400, "")
    stars, words = given.get("stars", ""), given.get("words", "").strip()[:_MOST_CHARS]
    if stars not in {"1", "2", "3", "4", "5"}:
        return await _look(inbox, settings, secret, bare=False)

    def job(tx: Tx) -> str | None:
        take_desk(tx, inbox)
        held = ratings.by_digest(tx, digest(secret))
        if held is None:
            return None
        answer = Answer(int(stars), words, held.conversation)
        ratings.use_up(tx, held)
        if ratings.answer(tx, held, answer):
            tell(tx, held, answer)
        return held.language

    language = await inbox.run_job(job)
    if language is None:
        return _gone(settings)
    inbox.ring()
    wording = settings.wording(language)
    return _shown(200, page.told(wording, language, wording.thanks))


def _gone(settings: Ratings) -> Ack:
    wording = settings.wording("")
    return _shown(410, page.told(wording, next(iter(settings.wordings)), wording.gone))


def _shown(status: int, text: str) -> Ack:
    return Ack(status=status, headers=page.HEADERS, body=text.encode(), keep=False)
