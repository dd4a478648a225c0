"""Any other system, joined by signed JSON in both directions: a CRM, a form, a bot, another omnichannel.

The signatures are those of Standard Webhooks, for which most languages have a library; the JSON is our model.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import ClassVar, Literal, Self
from urllib.parse import urlsplit

from pydantic import SecretBytes

from omnichannel.channel import Ack, Call, Channel, Delivery, Finding, Response
from omnichannel.channels.http import parse, render
from omnichannel.channels.http.wire import KIND
from omnichannel.errors import ConfigError, Unsupported
from omnichannel.model import Address, Attachment, Capabilities, Draft, Event, Receipt, Strength, TextLimit
from omnichannel.toolbox import standard_webhooks
from omnichannel.toolbox.standard_webhooks import Secrets

__all__ = ["Http"]

_URL = re.compile(
    r"https://[^\s/@]+(?:/\S*)?|http://(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?(?:/\S*)?"
)
_KIND = re.compile(r"[a-z][a-z0-9_-]{0,31}")

_TAKEN = Ack()


class Http(Channel):
    """One joined system.

    `secret` (`whsec_…`, several while it is being changed) signs what it posts to us. `url` is where we post what
    is to be said, signed with `send_secret`, or with `secret` if there is no other; without `url` the account only
    takes in. `kinds` are the kinds of address that it may name. Addresses of kinds other than phone and email are
    ids of its own, kept apart from other systems' by `scope` (the account's name if none is given). `trust` says
    what its word is worth: `asserted` (it may repeat what somebody typed), or `attested` (you vouch for it).
    `repeats` says that it takes each `webhook-id` once, so that what is in doubt may be posted again.
    Raises ConfigError naming the setting and the cure.
    """

    kind: ClassVar[str] = KIND
    resends: ClassVar[str] = "Whoever sends to it has to send again what was not answered with 200."
    can: ClassVar[Capabilities] = Capabilities(
        text=TextLimit(size=render.LONGEST_TEXT),
        public=True,
        parts_in=render.PARTS | {"template", "system"},
        parts_out=render.PARTS,
        media=("*/*",),
        max_bytes=render.MOST_BYTES,
        max_attachments=render.MOST_ATTACHMENTS,
        max_options=render.MOST_OPTIONS,
        echoes=True,
        statuses=frozenset({"sent", "delivered", "read", "failed"}),
        edits=True,
        deletes=True,
        reactions=True,
        typing=True,
        answers=True,
        fetches=True,
        subject=True,
        signs_body=True,
    )

    # What `bare` leaves as it is: it takes every kind of address and knows no secret.
    url: str = ""
    repeats: bool = False
    _rules: parse.Rules
    _keys: tuple[SecretBytes, ...] = ()
    _send_keys: tuple[SecretBytes, ...] = ()

    def __init__(
        self,
        name: str,
        *,
        secret: Secrets,
        url: str = "",
        send_secret: Secrets = (),
        kinds: Iterable[str] = (KIND,),
        scope: str = "",
        trust: Literal["asserted", "attested"] = "asserted",
        repeats: bool = False,
    ) -> None:
        super().__init__(name)
        self.url = _url(url)
        self.repeats = repeats
        self._keys = standard_webhooks.keys_of(secret, "secret")
        self._send_keys = standard_webhooks.keys_of(send_secret, "send_secret") if send_secret else self._keys
        self._rules = parse.Rules(_scope(scope or name), _kinds(kinds), _strength(trust))

    @property
    def own_address(self) -> Address | None:
        """Ourselves, as this system's other side; no id of its own can have a space."""
        return Address(kind=KIND, scope=self._rules.scope, value=f"account {self.name}")

    @classmethod
    def bare(cls, name: str = "file") -> Self:
        """Reads files with every kind of address, renders for nowhere in particular, accepts nothing."""
        channel = super().bare(name)
        channel.url = "https://joined.invalid/"
        channel._rules = parse.Rules(scope=name)  # noqa: SLF001 - our own
        return channel

    @classmethod
    def for_verifying(cls, secrets: tuple[str, ...]) -> Self:
        """An instance that knows only what signs deliveries: enough to say whether one is genuine."""
        channel = cls.bare("verify")
        channel._keys = standard_webhooks.keys_of(secrets, "secret")  # noqa: SLF001 - our own
        return channel

    def admit(self, delivery: Delivery) -> Ack:
        """Take what is signed, within five minutes of its timestamp; raises Forged for everything else."""
        standard_webhooks.check(delivery, self._keys)
        return _TAKEN

    def parse(self, delivery: Delivery) -> Iterator[Event]:
        """Every item, in order. Raises Malformed if it is no JSON object."""
        return parse.events(delivery, self._rules)

    def content(self, delivery: Delivery, attachment: Attachment) -> bytes:
        """The bytes of a file that came in base64. Raises Unsupported where there is only an address."""
        found = parse.content(delivery, attachment.index) if attachment.index is not None else None
        return super().content(delivery, attachment) if found is None else found

    async def download(self, attachment: Attachment) -> bytes:
        """The bytes of a file that came as an address, from the public internet or the joined system's own host."""
        from omnichannel.channels.http import link

        if not attachment.url:
            return await super().download(attachment)
        split = urlsplit(self.url)
        return await link.file(
            attachment.url, f"{split.scheme}://{split.netloc}" if self._keys and self.url else ""
        )

    def render(self, draft: Draft) -> Sequence[Call]:
        """One call for the whole draft. Raises Unsupported or TooLarge."""
        kinds, kind = self._rules.kinds, draft.to.address.kind
        if kinds and kind not in kinds:
            raise Unsupported(f"this account reaches {', '.join(sorted(kinds))}, not {kind} (setting kinds)")
        return (render.call(draft, url=self.url, scope=self._rules.scope, repeatable=self.repeats),)

    def read(self, call: Call, response: Response) -> Receipt:
        """Sent with the id that was answered; its `webhook-id` names it, too."""
        return render.read(call, response)

    def credentials(self, call: Call) -> Mapping[str, str]:
        """The signature, over the moment of this attempt."""
        from omnichannel.channels.http.link import timestamp

        if not self._send_keys:
            return {}
        moment = timestamp()
        message_id = next((value for key, value in call.headers if key == "webhook-id"), "")
        made = standard_webhooks.signature(self._send_keys, message_id, moment, call.body)
        return {"webhook-timestamp": moment, "webhook-signature": made}

    async def check(self) -> Sequence[Finding]:
        """Send a signed `ping` to `url`, if there is one."""
        from omnichannel.channels.http.link import findings

        if not self._keys:
            return (Finding(ok=False, what="no secret is configured", cure="Set secret"),)
        if not self.url:
            return (Finding(ok=True, what="the secret is set; without url this account only takes in"),)
        return await findings(self)


def _url(given: str) -> str:
    if given and not _URL.fullmatch(given):
        raise ConfigError(
            "url", "it is not an https address", "Write https://, a host, and a path without a login"
        )
    return given


def _scope(given: str) -> str:
    if ":" in given or len(given) > 255:
        raise ConfigError(
            "scope", "it has a colon, or more than 255 characters", "Use a short word, such as crm"
        )
    return given


def _kinds(given: Iterable[str]) -> frozenset[str]:
    found = frozenset((given,) if isinstance(given, str) else given)
    if not found or not all(_KIND.fullmatch(kind) for kind in found):
        cure = 'Write words of small letters, such as kinds = ["phone", "email", "crm"]'
        raise ConfigError("kinds", "it names no kinds of address", cure)
    return found


def _strength(trust: str) -> Strength:
    if trust not in ("asserted", "attested"):
        raise ConfigError("trust", f"{trust[:20]!r} is none", "Use asserted or attested")
    return Strength(trust)
