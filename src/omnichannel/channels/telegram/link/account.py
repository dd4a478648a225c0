"""What an account is asked, beside sending: is it well, who is this, and the bytes of a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import quote

from omnichannel import fetching
from omnichannel.channel import Finding
from omnichannel.channels.telegram.link import ALLOWED, ask, client, refusal
from omnichannel.channels.telegram.place import named
from omnichannel.channels.telegram.settings import Bot, Businesses
from omnichannel.errors import FetchError, Unsupported, WireError
from omnichannel.model import Address, Attachment, Party
from omnichannel.toolbox import Json, from_epoch, number, obj, sealed, string

_MANY = 100
_ALL = frozenset(ALLOWED)
_BY_DEFAULT = _ALL - {"message_reaction"}


@sealed
async def download(bot: Bot, attachment: Attachment) -> bytes:
    """The bytes of a file; its address is asked for each time, because it holds the token and expires."""
    if not attachment.external_id:
        raise Unsupported(
            f"{attachment.name or 'the attachment'} has no file id of Telegram's to fetch it by"
        )
    try:
        async with client() as wire:
            found = await ask(wire, bot, "getFile", file_id=attachment.external_id)
    except WireError as error:
        raise FetchError(f"{error}; try again") from None
    path = string(obj(found, "result"), "file_path")
    if not path:
        raise FetchError(f"Telegram does not give the file ({_why(refusal(found))})")
    if path.startswith("/"):
        raise FetchError("this Bot API server runs with --local and keeps its files on its own disk")
    return await fetching.fetch(bot.file(quote(path)), trusted=(bot.host,))


def _why(words: str) -> str:
    return (
        f"{words}: bots get 20 MB at most; look at it on Telegram"
        if "too big" in words
        else words or "no path"
    )


async def look_up(bot: Bot, address: Address) -> Party | None:
    """The name that Telegram shows; None if the bot may not know. Raises WireError if Telegram cannot be reached."""
    async with client() as wire:
        found = await ask(wire, bot, "getChat", chat_id=address.value)
    name = named(obj(found, "result"))
    return Party(address=address, name=name) if name else None


async def findings(bot: Bot, username: str, businesses: Businesses, *, polls: bool) -> Sequence[Finding]:
    """Whether the token is accepted, and whether updates come the way they should."""
    try:
        async with client() as wire:
            me = await ask(wire, bot, "getMe")
            if me.get("ok") is not True:
                what = f"token is not accepted: {refusal(me)}"
                return (Finding(ok=False, what=what, cure="Copy it from @BotFather again"),)
            hook = await ask(wire, bot, "getWebhookInfo")
    except WireError as error:
        return (Finding(ok=False, what=str(error), cure="Check the network, a proxy, and the setting host"),)
    who = obj(me, "result")
    return (*_identity(who, username), *_openness(who, businesses), *_hook(obj(hook, "result"), polls=polls))


async def delivers(bot: Bot, *, polls: bool) -> Sequence[Finding]:
    """Whether updates come the way they should, alone."""
    try:
        async with client() as wire:
            hook = await ask(wire, bot, "getWebhookInfo")
    except WireError as error:
        return (Finding(ok=False, what=str(error), cure="Check the network, a proxy, and the setting host"),)
    if hook.get("ok") is not True:
        what = f"token is not accepted: {refusal(hook)}"
        return (Finding(ok=False, what=what, cure="Copy it from @BotFather again", stopped=True),)
    return tuple(_hook(obj(hook, "result"), polls=polls))


def _identity(me: dict[str, Json], username: str) -> Iterator[Finding]:
    called = string(me, "username")
    yield Finding(ok=True, what=f"token is accepted, the bot is @{called}")
    if username and username.lower() != called.lower():
        what = f"username is {username}, the bot is called {called}"
        yield Finding(ok=False, what=what, cure=f"Set username to {called}, or links lead to another bot")
    if me.get("can_read_all_group_messages") is not True:
        what = "privacy mode is on: in groups the bot sees only commands, mentions and answers to it"
        yield Finding(ok=True, what=what)


def _openness(me: dict[str, Json], businesses: Businesses) -> Iterator[Finding]:
    """Business Mode is for everybody: Telegram lets no bot choose whose account it is connected to."""
    if me.get("can_connect_to_business") is True and not businesses:
        what = "Business Mode is on, and businesses names no connection: what comes from business accounts is parked"
        cure = "Name the connections of your own accounts there, or switch Business Mode off (@BotFather)"
        yield Finding(ok=False, what=what, cure=cure)


def _hook(info: dict[str, Json], *, polls: bool) -> Iterator[Finding]:
    url, waiting = string(info, "url"), int(number(info, "pending_update_count") or 0)
    if polls and url:
        cure = "Delete it (deleteWebhook), or leave poll out"
        what = "a webhook is set, so that polling is refused"
        yield Finding(ok=False, what=what, cure=cure, stopped=True)
    elif not polls and not url:
        cure = "Call setWebhook with the url, the secret as secret_token, and allowed_updates"
        what = "no webhook is set, so that nothing arrives"
        yield Finding(ok=False, what=what, cure=cure, stopped=True)
    else:
        yield Finding(ok=True, what="updates are polled" if polls else f"the webhook is {url}")
    if waiting > _MANY:
        what = f"{waiting} updates wait to be taken; Telegram keeps them for 24 hours"
        yield Finding(ok=False, what=what, cure="Look whether the inbox runs and its address can be reached")
    if error := string(info, "last_error_message"):
        at = from_epoch(number(info, "last_error_date"))
        what = f"Telegram could not deliver{f' at {at:%Y-%m-%d %H:%M} UTC' if at else ''}: {error}"
        cure = "Look at the address, its certificate, and the secret"
        # It tells of the last error for ever; what could not be delivered then has long arrived if nothing waits.
        yield Finding(ok=not waiting, what=what, cure=cure if waiting else "")
    yield from _kinds(info.get("allowed_updates"), url)


def _kinds(allowed: Json, url: str) -> Iterator[Finding]:
    """Polling asks for all kinds each time; a webhook has those that it was set with."""
    there = (
        {one for one in allowed if isinstance(one, str)} if isinstance(allowed, list) and allowed else None
    )
    missing = sorted(_ALL - (_BY_DEFAULT if there is None else there)) if url else []
    if missing:
        cure = f"Call setWebhook again with allowed_updates {', '.join(ALLOWED)}"
        yield Finding(ok=False, what=f"the webhook does not bring {', '.join(missing)}", cure=cure)
