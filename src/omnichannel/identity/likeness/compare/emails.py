"""E-mail addresses: which ones reach one mailbox, and which are one but for a slip of the pen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from omnichannel.identity.likeness.compare.comparator import Comparator
from omnichannel.identity.likeness.compare.folding import says_nothing
from omnichannel.identity.likeness.compare.nearness import NEAR, edits, likeness


@dataclass(frozen=True, slots=True)
class Provider:
    """What a mail provider does with the part before the @.

    `dots`: whether dots make a difference. `tag`: what begins a part that makes none ("" if nothing does).
    `name`: the one of its domains that stands for all ("" for the domain itself).
    """

    dots: bool = True
    tag: str = "+"
    name: str = ""


_GOOGLE = Provider(dots=False, name="gmail.com")
_APPLE = Provider(name="icloud.com")
_PROTON = Provider(dots=False, name="proton.me")

PROVIDERS: Mapping[str, Provider] = {
    "gmail.com": _GOOGLE, "googlemail.com": _GOOGLE, "icloud.com": _APPLE, "me.com": _APPLE, "mac.com": _APPLE,
    "proton.me": _PROTON, "protonmail.com": _PROTON, "protonmail.ch": _PROTON, "pm.me": _PROTON,
    "yandex.ru": Provider(name="yandex.ru"), "ya.ru": Provider(name="yandex.ru"),
    "yandex.com": Provider(name="yandex.ru"), "fastmail.com": Provider(), "outlook.com": Provider(),
    "hotmail.com": Provider(), "live.com": Provider(), "yahoo.com": Provider(tag="-"),
}  # fmt: skip
"""Providers that document how they treat dots, tags and their other domains. Anybody else: a plus begins a tag."""

_OTHERS = Provider()


@dataclass(frozen=True, slots=True)
class Email:
    """An address by its provider's rules: what is before the @ without dots or tag that make no difference."""

    local: str
    domain: str

    @property
    def text(self) -> str:
        """The mailbox in one spelling; not an address to write to."""
        return f"{self.local}@{self.domain}"


def prepare_email(text: str, providers: Mapping[str, Provider] = PROVIDERS) -> Email | None:
    """The mailbox of an address; None if it says nothing or has no @ with something on both sides."""
    bare = text.strip().removeprefix("mailto:").strip("<>\"' ").casefold()
    local, at, domain = bare.rpartition("@")
    domain = domain.rstrip(".")
    if not at or not local or not domain or says_nothing(local):
        return None
    provider = providers.get(domain, _OTHERS)
    if provider.tag:
        local = local.split(provider.tag)[0] or local
    if not provider.dots:
        local = local.replace(".", "") or local
    return Email(local, provider.name or domain)


def level_of_emails(one: Email, other: Email) -> int:
    """How alike two mailboxes are."""
    if one == other:
        return 5
    if one.domain == other.domain:
        if edits(one.local, other.local, 1) <= 1 and min(len(one.local), len(other.local)) >= 4:
            return 4
        return 2 if likeness(one.local, other.local) >= NEAR else 0
    if one.local.replace(".", "") == other.local.replace(".", ""):
        return 4 if edits(one.domain, other.domain, 2) <= 2 else 3
    return int(likeness(one.local, other.local) >= NEAR)


def email_comparator(providers: Mapping[str, Provider] = PROVIDERS) -> Comparator[Email]:
    """A comparator of e-mail addresses that knows these providers."""
    return Comparator(
        "email",
        (
            "differs",
            "near, another domain",
            "near",
            "same before the @, another domain",
            "one letter off",
            "same",
        ),
        lambda text: prepare_email(text, providers),
        level_of_emails,
    )


EMAIL = email_comparator()
