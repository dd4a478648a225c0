"""Who signs, and how: in full below a letter, in a few characters on X, not at all where the name is told."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from omnichannel.channel import Channel
from omnichannel.desk.answers.filling import fill
from omnichannel.desk.answers.template import parse
from omnichannel.errors import TooLarge
from omnichannel.model.desk import FieldValue, Signature

Form = Literal["full", "short", "none"]

FORMS: Mapping[str, Form] = MappingProxyType(
    {"email": "full", "letter": "full", "voice": "none", "http": "none"}
)
"""How one signs by kind of channel; `short` on all others. On the telephone one says it, another system shows it."""

FULL = "{agent.name}"
SHORT = "– {agent.first_name}"


def sign(
    text: str,
    signature: Signature,
    channel: Channel | type[Channel],
    values: Mapping[str, FieldValue],
    *,
    language: str,
    public: bool = False,
) -> tuple[str, str]:
    """The text as this agent signs it on a channel, and why so.

    A signature is left out where one stands already (the last line has the agent's name), and where it alone would
    make a second piece of one: nobody wants a message that says "– Judy". Raises ConfigError for a template that
    cannot be read, and Unfilled where the agent has no name.
    """
    form = signature.forms.get(channel.kind) or FORMS.get(channel.kind, "short")
    if form == "none":
        return text, f"not signed: {channel.kind} shows or tells who speaks"
    written = _template(signature, form, language)
    signed_by = fill(parse(written, f"the {form} signature of {signature.agent}"), values).text.strip()
    if signs_already(text, signed_by, values):
        return text, "not signed again: the name stands at its end"
    apart = "\n\n" if form == "full" else " "
    signed = f"{text.rstrip()}{apart}{signed_by}"
    if form == "short" and _pieces(signed, channel, public=public) > _pieces(text, channel, public=public):
        return text, f"not signed: with the signature {channel.kind} would take one piece more"
    return signed, f"signed {'in full' if form == 'full' else 'short'}, as usual on {channel.kind}"


def signs_already(text: str, signed_by: str, values: Mapping[str, FieldValue]) -> bool:
    """Whether a text ends with this signature, or with a line that is the agent's name."""
    ending = text.rstrip()
    names = (values.get("agent.name"), values.get("agent.first_name"))
    last = ending.rpartition("\n")[2].strip(" ,–-^").casefold()
    alone = any(isinstance(name, str) and name and last == name.casefold() for name in names)
    return alone or ending.endswith(signed_by)


def _template(signature: Signature, form: Form, language: str) -> str:
    texts = signature.full if form == "full" else signature.short
    base = language.partition("-")[0]
    found = texts.get(language) or texts.get(base) or next(iter(texts.values()), "")
    return found or (FULL if form == "full" else SHORT)


def _pieces(text: str, channel: Channel | type[Channel], *, public: bool) -> int:
    """How many pieces a text makes; many where it is too long for the channel altogether."""
    try:
        return len(channel.pieces(text, public=public))
    except TooLarge:
        return len(text) + 1
