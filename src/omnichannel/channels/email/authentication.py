"""Whether the From of a mail is proven, by nothing but the word of a mail server that we trust (RFC 8601).

Anybody can write an Authentication-Results header, so it is read only where our own server can have written it:

- it carries an authserv-id that the account trusts, and no header of the kind with another id stands above it;
- every `Received` above it was written by a server of the same domain, and at most one of these tells of a
  server outside. Servers stamp above that line (Postfix), or right below it (Gmail, sendmail): what stands below
  a second one came with the mail;
- of a method that several headers speak about, the topmost verdict counts.

What remains is the server's own duty: it must write its results on every mail, or remove those that bear its
name (RFC 8601, 5). `m365` stands for Microsoft 365, which writes no authserv-id: there the topmost header counts,
and only that one.

SPF proves the envelope, not the From that people see, and is lost wherever two senders share a relay
(CVE-2023-51764): alone it never makes a sender verified.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from omnichannel.channels.email.addresses import domain_of
from omnichannel.channels.email.headers import Headers
from omnichannel.model import Strength

_METHODS = {
    "arc", "auth", "bimi", "compauth", "dkim", "dkim-adsp", "dkim-atps", "dmarc", "domainkeys", "iprev", "rrvs",
    "sender-id", "smime", "spf", "vbr",
}  # fmt: skip
_RESULT = re.compile(r"\s*([A-Za-z0-9_-]{1,40})(?:\s*/\s*\d{1,3})?\s*=\s*([A-Za-z0-9_-]{1,40})")
_PROPERTY = re.compile(r'([A-Za-z][\w.-]{0,60})\s*=\s*(?:"((?:[^"\\]|\\.){0,500})"|([^\s;"]{1,500}))')
_STATEMENT = re.compile(r'(?:"(?:[^"\\]|\\.){0,2000}"|[^;"])+')
_IP = re.compile(r"(?i)(?:ipv6:)?(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7})")
# Not `is_private`: that also counts the networks of examples, and whatever IANA reserves next.
_INSIDE = [
    ip_network(net)
    for net in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10",
                "::1/128", "fc00::/7", "fe80::/10")
]  # fmt: skip
_LONGEST = 16 * 1024
_SECOND_LEVEL = {"ac", "co", "com", "edu", "go", "gob", "gouv", "gov", "ne", "net", "or", "org"}


@dataclass(frozen=True, slots=True)
class Result:
    """One statement: `dkim` (method) `pass` (verdict) with its properties, such as `header.d`."""

    method: str
    verdict: str
    properties: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How well the sender is proven, by which method, and what is worth a note."""

    strength: Strength = Strength.ASSERTED
    method: str = "from"
    notes: tuple[str, ...] = ()


def authenticate(headers: Headers, sender: str, trusted: Iterable[str]) -> Verdict:
    """Whether trusted results prove the domain of `sender` (an addr-spec): DMARC, or an aligned DKIM signature."""
    domain = domain_of(sender)
    results = list(trusted_results(headers, {one.lower().rstrip(".") for one in trusted}))
    if not domain or not results:
        return Verdict()
    passed = [one for one in _topmost(results) if one.verdict == "pass"]
    if any(one.method == "dmarc" and _names(one, "header.from", domain) for one in passed):
        return Verdict(Strength.VERIFIED, "dmarc")
    if any(one.method == "dkim" and _signs(one, domain) for one in passed) and not _failed_dmarc(results):
        return Verdict(Strength.VERIFIED, "dmarc")
    if any(one.method == "spf" and _sent_by(one, domain) for one in passed):
        return Verdict(notes=("spf_only",))
    return Verdict(notes=("not_authenticated",))


def trusted_results(headers: Headers, trusted: set[str]) -> Iterator[Result]:
    """Every statement of the headers that we believe, topmost first."""
    hops = _Hops(trusted)
    for name, value in headers.fields if trusted else ():
        if name == "received" and not hops.passes(value):
            return
        if name != "authentication-results":
            continue
        server, results = parse_results(value)
        if server in trusted and hops.ours:
            hops.stamped = True
            yield from results
        else:
            if "m365" in trusted and not server and not hops.stamped:
                yield from results
            return


@dataclass(slots=True)
class _Hops:
    """The way through our own servers, from the top of the header down to where the mail came in."""

    trusted: set[str]
    outside: int = 0
    ours: bool = True
    stamped: bool = False

    def passes(self, received: str) -> bool:
        """Whether results may still follow below this `Received`."""
        if self.stamped or self.outside:
            return False
        before, _, after = f" {received}".partition(" by ")
        host = after.split()[0].strip("[]();,").lower() if after.split() else ""
        self.ours = self.ours and self._is_ours(host)
        self.outside += self._is_outside(before)
        return self.ours or "m365" in self.trusted

    def _is_ours(self, host: str) -> bool:
        if "." not in host or _IP.fullmatch(host):
            return True
        return any(_organisation(one) == _organisation(host) for one in self.trusted)

    def _is_outside(self, before: str) -> bool:
        """Whether the sending side of a `Received` names a public address, or a host of somebody else."""
        if "m365" in self.trusted or " from " not in before:
            return False
        found = [ip for text in _IP.findall(before) if (ip := _address(text)) is not None]
        if found:
            return any(not any(ip in inside for inside in _INSIDE) for ip in found)
        words = before.split()
        return len(words) > 1 and not self._is_ours(words[1].strip("[]();,").lower())


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text.lower().removeprefix("ipv6:"))
    except ValueError:
        return None


def _organisation(host: str) -> str:
    """The domain that a host belongs to, roughly: two labels, three below a `co.uk`."""
    labels = host.split(".")
    short = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL
    return ".".join(labels[-3:] if short else labels[-2:])


def parse_results(value: str) -> tuple[str, list[Result]]:
    """The authserv-id (lower case, empty where Microsoft leaves it out) and the statements of one header."""
    statements = [
        one.strip() for one in _STATEMENT.findall(_without_comments(value[:_LONGEST])) if one.strip()
    ]
    if not statements:
        return "", []
    server = ""
    if not _is_result(statements[0]):
        words = statements[0].split()
        server = words[0].strip('"').lower().rstrip(".")
        statements[0] = " ".join(words[1:])
    return server, [result for one in statements if (result := _result(one))]


def _is_result(statement: str) -> bool:
    found = _RESULT.match(statement)
    return found is not None and found[1].lower() in _METHODS


def _result(statement: str) -> Result | None:
    found = _RESULT.match(statement)
    if found is None or found[1].lower() not in _METHODS:
        return None
    properties: dict[str, str] = {}
    for name, quoted, bare in _PROPERTY.findall(statement[found.end() :]):
        properties.setdefault(name.lower(), quoted or bare)
    return Result(found[1].lower(), found[2].lower(), properties)


def _without_comments(text: str) -> str:
    """The text without what stands in brackets, so that nobody can hide a verdict in a comment."""
    kept: list[str] = []
    depth = 0
    for piece in re.findall(r'"(?:[^"\\]|\\.){0,2000}"|\\.|[()]|[^"()\\]+|.', text, re.DOTALL):
        if piece == "(":
            depth += 1
        elif piece == ")":
            depth -= depth > 0
            kept.append(" ")
        elif depth == 0:
            kept.append(piece)
    return "".join(kept)


def _topmost(results: Iterable[Result]) -> list[Result]:
    """The first DMARC and SPF verdict; of DKIM every one, as each signature has its own."""
    seen: set[str] = set()
    kept = []
    for one in results:
        if one.method == "dkim" or one.method not in seen:
            kept.append(one)
        seen.add(one.method)
    return kept


def _failed_dmarc(results: Iterable[Result]) -> bool:
    return any(one.method == "dmarc" and one.verdict in ("fail", "permerror") for one in results)


def _names(result: Result, name: str, domain: str) -> bool:
    """Whether a property is this very domain; DMARC's result is about nothing else."""
    return domain_of("@" + result.properties.get(name, "").rpartition("@")[2]) == domain


def _signs(result: Result, domain: str) -> bool:
    signer = result.properties.get("header.d") or result.properties.get("header.i", "").rpartition("@")[2]
    return aligned(domain_of("@" + signer), domain)


def _sent_by(result: Result, domain: str) -> bool:
    return aligned(domain_of("@" + result.properties.get("smtp.mailfrom", "").rpartition("@")[2]), domain)


def aligned(proven: str, domain: str) -> bool:
    """Whether a proven domain speaks for the domain of a From: the same, or one above it.

    DMARC also lets a domain below speak for the one above. That needs the list of public suffixes, or every
    tenant of a shared domain could speak for it; a server that knows the list says `dmarc=pass`.
    """
    return bool(proven) and (proven == domain or ("." in proven and domain.endswith("." + proven)))
