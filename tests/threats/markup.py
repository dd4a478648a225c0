"""HTML of a stranger's before an agent's eyes, and text that becomes HTML.

In a real browser: `tests/browser/test_markup.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser

from omnichannel import html
from omnichannel.html import cleaned, framed, from_text
from tests.threats.cases import put, threat
from tests.threats.mime import opened, with_a_module
from tests.threats.vectors import HIDDEN_SCRIPTS, REMOTE, TEXTS, VECTORS

SHOWS = frozenset(
    ["a", "b", "blockquote", "br", "center", "div", "hr", "i", "img", "li", "ol", "p", "pre", "span", "table", "tbody", "td", "th", "tr", "u", "ul"]
)  # fmt: skip
"""What the vectors may leave behind: of all that is kept, the elements that they use."""
SAYS = frozenset(
    {"href", "title", "target", "rel", "src", "alt", "width", "height", "colspan", "rowspan", "dir"}
)


class Found(HTMLParser):
    """Every element of a document with its attributes, as another reader than ours sees them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))


def acts(text: str) -> bool:
    """Whether something in it could act, load, or be another's: told by what is not on the list, not by what is bad."""
    for tag, attributes in Found(text).elements:
        loads = not re.fullmatch(
            r"data:image/[a-z]+;base64,[A-Za-z0-9+/=]+", attributes.get("src", "data:image/x;base64,A")
        )
        leads = not re.match(r"(?:https?://|mailto:|tel:)", attributes.get("href", "tel:"), re.IGNORECASE)
        if tag not in SHOWS or attributes.keys() - SAYS or loads or leads:
            return True
    return False


def _as_it_came(markup: str, images: Mapping[str, bytes]) -> Iterator[str]:
    yield markup


@threat("T46", "a mail runs in the agent's browser", put(html, "_written", _as_it_came))
def scripts() -> list[bool]:
    """Those that this reader finds something in; a browser finds it in all of them."""
    telling = [vector for vector in VECTORS if acts(vector)]
    assert len(telling) > 1500
    return [acts(cleaned(vector)) for vector in telling]


UNSETTLED = (
    "<p><x-y><div>a</div></x-y></p>", "<h1><x-y><p>s</x-y></h1>", "<li><x-y><li>a", "<p><font><ul><li>x</ul></font></p>",
    "<a href=https://a.example><form><a href=https://b.example>x</a></form></a>",
)  # fmt: skip


@threat(
    "T46",
    "what was cleaned is something else to the next reader",
    put(html, "_settled", lambda written: written),
)
def unsettled() -> list[bool]:
    return [cleaned(cleaned(markup)) != cleaned(markup) for markup in UNSETTLED]


@threat("T47", "plain words become markup", put(html, "escape", lambda text: text))
def words() -> list[bool]:
    """Links to web pages, and line breaks, are all that there is."""
    telling = [text for text in TEXTS if acts(text) and "https://a.example/" not in text]
    assert len(telling) > 100
    return [acts(from_text(text)) for text in telling]


def _any_link(address: str) -> dict[str, str]:
    return {"href": address}


@threat("T48", "an address that hides what it is becomes a link", put(html, "_link", _any_link))
def hidden_scripts() -> list[bool]:
    quoted = (address.replace('"', "&quot;").replace("\x00", "&#0;") for address in HIDDEN_SCRIPTS)
    return ["href" in cleaned(f'<a href="{address}">x</a>') for address in quoted]


def _from_anywhere(source: str, images: Mapping[str, bytes]) -> str:
    return source


PIXELS = tuple(
    f"<{around}><img src='{REMOTE}.gif?{n}' width=1 height=1></{around}>"
    for n in range(20)
    for around in ("p", "div")
)


@threat("T49", "a mail tells its sender that it was read", put(html, "_picture", _from_anywhere))
def pixels() -> list[bool]:
    return ["tracker" in cleaned(pixel) for pixel in PIXELS]


@threat(
    "T49",
    "a style loads, or spells out what is on the page",
    put(html, "_attributes", lambda name, given: dict(given)),
)
def styles() -> list[bool]:
    kinds = (
        "background:url({0})",
        "background-image:image-set('{0}' 1x)",
        "--a:url({0});background:var(--a)",
        "list-style:url({0})",
    )
    return ["tracker" in cleaned(f'<div style="{kind.format(REMOTE)}">x</div>') for kind in kinds]


@threat(
    "T50",
    "a mail covers our page, or looks like it",
    put(html, "_attributes", lambda name, given: dict(given)),
)
def overlays() -> list[bool]:
    looks = (
        "style='position:fixed;inset:0'",
        "class=login",
        "id=send",
        "style='margin:-999px!important'",
        "popover",
        "slot=x",
    )
    return [acts(cleaned(f"<div {look}>Log in again</div>")) for look in looks]


@threat("T50", "a mail is part of our page", put(html, "escape", lambda text, *_: text))
def unframed() -> bool:
    """A frame without origin, in which no script runs, and which what stands in it cannot end."""
    [(tag, attributes)] = Found(framed(cleaned("<b>words</b>"), title='a"b')).elements[:1]
    sandbox = attributes.get("sandbox", "allow-scripts allow-same-origin")
    inside = attributes.get("srcdoc", "")
    whole = "<b>words</b>" in inside and "default-src 'none'" in inside
    return tag != "iframe" or "allow-s" in sandbox or not whole


@threat("T51", "a page that came in is rendered on the server", with_a_module("import weasyprint\n"))
def rendered_here() -> bool:
    """Nothing of ours draws pages: a renderer fetches what they name, and reads files for them."""
    return bool(opened())
