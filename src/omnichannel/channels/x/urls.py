"""Finding what X takes for a URL in a text, as twitter-text does: it counts 23 whatever its length.

Rules: https://github.com/twitter/twitter-text (`extractUrlsWithIndices` and its `regexp` folder, Apache-2.0).
Hosts are read label by label instead of by one big expression, so that a hostile text takes linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import accumulate
from typing import NamedTuple

_LONGEST_LABEL = 63
_LONGEST_URL = 4096
_LONGEST_TCO_SLUG = 40
_LONGEST_TOP_DOMAIN = 24

_LATIN = (
    "\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268\u026f\u0272"
    "\u0289\u028b\u02bb\u0300-\u036f\u1e00-\u1eff"
)
_CYRILLIC = "\u0400-\u04ff"
_SPACES = "\x09-\x0d\x20\x85\xa0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_UNWRITABLE = "\ufffe\ufeff\uffff"
_DIRECTIONS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"

# What a host can be made of: any letters, and `-`, `_`, `.` between them.
_HOST = re.compile(rf"[^!'#%&()*+,\\/:;<=>?@\[\]^{{|}}~${_SPACES}{_UNWRITABLE}{_DIRECTIONS}]+")
_SCHEME = re.compile(r"https?://\Z", re.IGNORECASE)
_NEVER_BEFORE = re.compile(rf"[A-Za-z0-9@＠$#＃{_UNWRITABLE}]")
_ASCII_HOST = re.compile(rf"[-.a-z0-9{_LATIN}]+", re.IGNORECASE)
_PUNYCODE = re.compile(r"xn--[-0-9a-z]+", re.IGNORECASE)
_GOES_ON = re.compile(r"[0-9a-zA-Z@+-]")
_DOTS = re.compile("[.\u3002\uff0e\uff61]")

_PATH = rf"[a-z{_CYRILLIC}0-9!*';:=+,.$/%#\[\]\-\u2013_~@|&{_LATIN}]"
_PARENS = rf"\((?:{_PATH}+|{_PATH}*\({_PATH}+\){_PATH}*)\)"
_QUERY = r"\?[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[a-z0-9\-_&=#/]"
_TAIL = re.compile(
    rf"(?::[0-9]+)?(?P<path>/(?:(?:{_PATH}|{_PARENS})*(?:[+\-a-z{_CYRILLIC}0-9=_#/{_LATIN}]|{_PARENS}))?)?"
    rf"(?:{_QUERY})?",
    re.IGNORECASE,
)
_TCO = re.compile(rf"https?://t\.co/([a-z0-9]+)(?:{_QUERY})?", re.IGNORECASE)


class _Match(NamedTuple):
    """One candidate: the scheme begins at `start`, the host at `host`, ends at `host_end`; all ends at `end`."""

    start: int
    host: int
    host_end: int
    end: int
    path: bool


def find_urls(text: str) -> Iterator[tuple[int, int]]:
    """Where the URLs of a text begin and end, in order, in code points."""
    taken = 0
    for run in _HOST.finditer(text):
        if "." not in run.group():
            continue  # as in nearly every word
        scheme = _scheme(text, run.start(), taken)
        for first, last, host_end in _openings(text, run.start(), run.end()):
            host = _host(text, max(first, taken), last, taken, scheme and run.start())
            if host is None:
                continue
            start = scheme.start() if scheme and host == run.start() else host
            found = _match(text, start, host, host_end)
            yield from _with_scheme(text, found) if start < host else _without_scheme(text, found)
            taken = found.end


def _scheme(text: str, end: int, taken: int) -> re.Match[str] | None:
    """The `https://` that ends here, if a URL may start with it."""
    scheme = _SCHEME.search(text, max(taken, end - 8), end)
    return scheme if scheme and _may_stand_before(text, scheme.start(), taken) else None


def _may_stand_before(text: str, start: int, taken: int) -> bool:
    """Whether a URL may start here: at the beginning, or after a character that is free and not a word's."""
    return start == 0 or (start > taken and not _NEVER_BEFORE.match(text, start - 1))


def _openings(text: str, begin: int, end: int) -> Iterator[tuple[int, int, int]]:
    """The labels of a run of host characters in which a host may start: from, to, and where it would end.

    The longest host counts. Labels may hold `_`, but not the one before the top-level domain.
    """
    labels = text[begin:end].split(".")
    starts = list(accumulate((len(label) + 1 for label in labels), initial=begin))
    top = [_top_domain_end(text, start, end) for start in starts[1:-1]]
    best: int | None = None
    found: list[tuple[int, int, int]] = []
    for label, start, ends_here in reversed(list(zip(labels, starts, top, strict=False))):
        stop, skip = (best, 0) if best else (ends_here, label.rfind("_") + 1)
        if stop and label[-1:] not in ("", "-", "_"):
            found.append((start + skip, start + len(label), stop))
            best = stop if skip == 0 and label[0] not in "-_" else None
        else:
            best = None
    yield from reversed(found)


def _host(text: str, first: int, last: int, taken: int, after_scheme: int | None) -> int | None:
    """The first place in a label where a host may start."""
    for start in range(first, last):
        if text[start] not in "-_" and (start == after_scheme or _may_stand_before(text, start, taken)):
            return start
    return None


def _match(text: str, start: int, host: int, host_end: int) -> _Match:
    tail = _TAIL.match(text, host_end)
    assert tail is not None, "every piece of a tail is optional"
    return _Match(start, host, host_end, tail.end(), tail["path"] is not None)


def _top_domain_end(text: str, start: int, end: int) -> int | None:
    """Where the top-level domain that begins here ends; None if none does."""
    if punycode := _PUNYCODE.match(text, start):
        return punycode.end()
    end = min(end, start + _LONGEST_TOP_DOMAIN)
    dot = text.find(".", start, end)
    for stop in range(end if dot < 0 else dot, start, -1):
        if text[start:stop].lower() in _top_domains() and not _GOES_ON.match(text, stop):
            return stop
    return None


@cache
def _top_domains() -> frozenset[str]:
    """Every top-level domain, from the list that tldextract carries with it: nothing is fetched."""
    from tldextract import TLDExtract

    suffixes = TLDExtract(suffix_list_urls=(), cache_dir=None).tlds
    return frozenset(suffix.rpartition(".")[2].lower() for suffix in suffixes)


def _with_scheme(text: str, found: _Match) -> Iterator[tuple[int, int]]:
    """Any script may follow `https://`, as long as it makes a name that DNS can hold."""
    if not _fits_dns(text, found):
        return
    short = _TCO.match(text, found.start, found.end)
    if short is None:
        yield found.start, found.end
    elif len(short[1]) <= _LONGEST_TCO_SLUG:
        yield found.start, short.end()


def _without_scheme(text: str, found: _Match) -> Iterator[tuple[int, int]]:
    """Only the ASCII hosts count; the last one takes the path with it."""
    if text[found.start - 1 : found.start] in ("-", "_", ".", "/") or not _fits_dns(text, found):
        return
    hosts = list(_ascii_hosts(text, found.host, found.host_end))
    for start, end in hosts[:-1]:
        yield start, end
    for start, end in hosts[-1:]:
        yield start, found.end if found.path else end


def _ascii_hosts(text: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    for run in _ASCII_HOST.finditer(text, begin, end):
        dots = [at for at in range(run.start() + 1, run.end()) if text[at] == "."]
        for dot in reversed(dots):
            stop = _top_domain_end(text, dot + 1, run.end())
            if stop is not None:
                yield run.start(), stop
                break


def _fits_dns(text: str, found: _Match) -> bool:
    host = text[found.host : found.host_end]
    if host.startswith("xn--") and not any(_ascii_hosts(text, found.host, found.host_end)):
        return False
    scheme = max(found.host - found.start, 8)
    fits = all(
        len(label) <= _LONGEST_LABEL and len(_encoded(label)) <= _LONGEST_LABEL for label in host.split(".")
    )
    return fits and scheme + found.end - found.host <= _LONGEST_URL


def _encoded(label: str) -> str:
    """A label as DNS writes it; ideographic full stops part it once more."""
    return ".".join(
        part if part.isascii() else "xn--" + part.encode("punycode").decode() for part in _DOTS.split(label)
    )
