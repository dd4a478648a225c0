"""What a caller presses: the code of a conversation, the wish to be called back, a number, or just keys.

A one-time token is 26 letters of base32, 130 bits; keys have digits only, so that it takes 40 of them. Nobody
types that: the link dials it. What people type is a code of twelve digits (`identity.codes`).
"""

from __future__ import annotations

from omnichannel.channels.voice.call import PhoneCall
from omnichannel.channels.voice.recording import digest
from omnichannel.identity import is_code
from omnichannel.model import ContactCard, Event, Evidence, Party, Strength, System, Text
from omnichannel.platforms.twilio import numbers
from omnichannel.platforms.twilio.fields import Fields
from omnichannel.toolbox import find_tokens

_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_PREFIX = "oct"
_LENGTH = 26
DIGITS = 40
"""As many digits as 130 bits need."""


def dialled(token: str) -> str:
    """The digits of a one-time token. Raises ValueError for anything else."""
    body = token.lower().removeprefix(_PREFIX)
    if find_tokens(token) != (token.lower(),) or len(body) != _LENGTH:
        raise ValueError("only a one-time token can be dialled")
    value = 0
    for letter in body:
        value = value * 32 + _LETTERS.index(letter)
    return str(value).zfill(DIGITS)


def token_of(digits: str) -> str:
    """The one-time token that was dialled; empty if it was none."""
    if len(digits) != DIGITS or not digits.isascii() or not digits.isdigit():
        return ""
    value, letters = int(digits), ""
    for _ in range(_LENGTH):
        value, letter = divmod(value, 32)
        letters = _LETTERS[letter] + letters
    return "" if value else _PREFIX + letters


def pressed(call: PhoneCall, fields: Fields, query: Fields) -> Event:
    """What the keys mean. A message of its own: a call may have several, and handlers are to see them.

    `query` is what we wrote into the address when we asked for keys: at which step, and which key asks for what.
    """
    digits, step = fields["Digits"].strip(), query.get("step", "")
    if token := token_of(digits):
        parts = (System(what="code", text="Dialled the code of a conversation"),)
        # The call began a conversation when it rang; in its thread the token could not say where this belongs.
        return call.received(
            external_id=f"{call.sid}/code", parts=parts, tokens=(token,), thread="", reply_to=call.sid
        )
    if step == "number":
        return _callback(call, _typed(digits, query.get("region", "")), digits)
    if is_code(digits):
        # Whether it is one of ours is not known here: so it stays what was typed, about this call.
        name = f"{call.sid}/code/{digest(digits)}"
        return call.received(external_id=name, parts=(Text(text=digits),), thread="", reply_to=call.sid)
    if step == "menu" and digits == query.get("callback"):
        return _callback(call, None, "")
    # The same keys in the same step are the same event: Twilio gives none of its own for them.
    name = f"{call.sid}/digits/{digest(f'{step} {digits}')}"
    return call.received(external_id=name, parts=(Text(text=digits),), reply_to=call.sid)


def _typed(digits: str, region: str) -> Party | None:
    found = numbers.phone(digits, region) or numbers.phone(f"+{digits.removeprefix('00')}")
    return Party(address=found, written=digits) if found else None


def _callback(call: PhoneCall, typed: Party | None, digits: str) -> Event:
    """Somebody asks to be called back: on the number that they typed, else on the one that was shown."""
    at = typed or (call.caller if call.caller.address.kind == "phone" else None)
    where = at.address.value if at else digits
    words = f"Asks to be called back at {where}" if where else "Asks to be called back, and shows no number"
    evidence = call.evidence()
    if typed:
        because = f"typed {typed.address.value} during a call"
        evidence = (
            Evidence(address=typed.address, strength=Strength.ASSERTED, method="typed", because=because),
        )
    card = (ContactCard(addresses=(typed.address,)),) if typed else ()
    return call.received(
        external_id=f"{call.sid}/callback{'/number' if digits else ''}",
        parts=(System(what="callback_requested", text=words), *card),
        evidence=evidence,
        reply_to=call.sid,
    )


def spoken(call: PhoneCall, fields: Fields) -> Event:
    """What a machine understood of an answer that was spoken (`<Gather input="speech">`)."""
    words = fields["SpeechResult"]
    name = f"{call.sid}/speech/{digest(words)}"
    mark = System(what="transcript", text="Written down by a machine")
    return call.received(external_id=name, parts=(mark, Text(text=words)), reply_to=call.sid)
