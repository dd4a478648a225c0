"""Whether a request comes from Twilio: the signature over the address and the form's parameters.

Base64 of HMAC-SHA1, keyed with the account's auth token, over the address as Twilio requested it and every
parameter of the form, sorted by name, name and value without anything between; the values of a repeated name
each once, sorted. A body that is no form is bound by its SHA-256 in the address (`bodySHA256`). Source: the
official helper library's validator and its vectors (twilio-python 9.13).
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator, Sequence
from urllib.parse import parse_qsl, quote

from pydantic import SecretStr

from omnichannel.channel import Delivery
from omnichannel.errors import Forged
from omnichannel.toolbox import sign

_STANDARD = {"https": "443", "http": "80"}
# What JavaScript's encodeURIComponent leaves alone beside letters, digits and -_.~, as Twilio sometimes does.
_LEFT_ALONE = "!'()*"
# What the URL standard leaves in a query: all that can be seen in ASCII but these five.
_STANDS = "".join(map(chr, range(0x21, 0x7F))).translate({ord(mark): None for mark in "\"#<>'"})
_AUTHORITY = re.compile(r"(https?)://([^/?#]*)(.*)", re.DOTALL | re.IGNORECASE)
_PORT = re.compile(r":\d*\Z")

Pairs = list[tuple[str, str]]


def genuine(delivery: Delivery, tokens: Sequence[SecretStr]) -> None:
    """Raises Forged unless one of the auth tokens signed exactly this address and these parameters.

    The signature has no time in it: what is sent again means what it meant, and duplicates end by their ids.
    """
    given = delivery.header("x-twilio-signature")
    if not tokens:
        raise Forged("no auth token is configured, so nothing can be told from a forgery")
    if not given:
        raise Forged("X-Twilio-Signature is missing")
    if delivery.header("x-twilio-webhooks-signature-settings"):
        raise Forged("it is signed with a shared key, and we know auth tokens only; switch shared keys off")
    matches = [_same(token, text, given) for token in tokens for text in _signed_texts(delivery)]
    if not any(matches):
        raise Forged(
            "X-Twilio-Signature was not made with our auth token over this address and body; "
            "if a proxy changes the address, give the one that Twilio calls as public_url"
        )


def _same(token: SecretStr, text: bytes, given: str) -> bool:
    made = sign(token, text, algorithm="sha1", form="base64")
    return hmac.compare_digest(made.encode(), given.encode("utf-8", "surrogatepass"))


def _signed_texts(delivery: Delivery) -> Iterator[bytes]:
    """Everything that a genuine signature of this delivery may have been made over."""
    for text in _bodies(delivery):
        for url in _addresses(delivery.url):
            yield url.encode("utf-8", "surrogatepass") + text


def _bodies(delivery: Delivery) -> Iterator[bytes]:
    """What follows the address: nothing where the address holds the body's digest, else the form's parameters."""
    hashed = dict(_pairs(_query(delivery.url))).get("bodySHA256", "")
    digest = hashlib.sha256(delivery.body).hexdigest()
    if hashed and hmac.compare_digest(hashed.lower().encode("latin-1"), digest.encode()):
        yield b""
    if delivery.method.upper() == "GET" and not delivery.body:
        yield b""
        return
    form = _pairs(delivery.body.decode("latin-1"))
    # A digest that does not fit must not be got around with a body in which there is nothing to sign.
    if form or not hashed:
        yield _joined(form)


def _joined(form: Pairs) -> bytes:
    return "".join(name + value for name, value in sorted(set(form))).encode("latin-1")


def _pairs(text: str) -> Pairs:
    """The parameters, each byte as one character, so that what is no UTF-8 is signed as it came."""
    try:
        return parse_qsl(text, keep_blank_values=True, encoding="latin-1", max_num_fields=1000)
    except (ValueError, UnicodeError):
        raise Forged("it has more parameters than Twilio would send") from None


def _query(url: str) -> str:
    return url.partition("#")[0].partition("?")[2].encode("utf-8", "surrogatepass").decode("latin-1")


def _addresses(url: str) -> Iterator[str]:
    """The address in every spelling that Twilio signs: with and without the port, its query written anew."""
    for spelled in dict.fromkeys((url, _rewritten(url), _serialised(url))):
        yield spelled
        found = _AUTHORITY.fullmatch(spelled)
        if not found:
            continue
        scheme, authority, rest = found.groups()
        bare = _PORT.sub("", authority)
        yield f"{scheme}://{bare}{rest}"
        if bare == authority:
            yield f"{scheme}://{authority}:{_STANDARD[scheme.lower()]}{rest}"


def _rewritten(url: str) -> str:
    """With the query as a JavaScript library writes it; the parameters are the same."""
    base, mark, _ = url.partition("?")
    if not mark:
        return url
    return (
        base + mark + "&".join(f"{_escaped(name)}={_escaped(value)}" for name, value in _pairs(_query(url)))
    )


def _serialised(url: str) -> str:
    """With the query as the URL standard writes it ("special-query percent-encode set"): `'` is `%27`, a + stays.

    So the official library for Node signs, and expects, an address that came with an apostrophe.
    """
    base, mark, query = url.partition("?")
    return base + mark + quote(query.encode("utf-8", "surrogatepass"), safe=_STANDS)


def _escaped(text: str) -> str:
    return quote(text.encode("latin-1"), safe=_LEFT_ALONE)
