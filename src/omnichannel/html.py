"""A stranger's HTML, made fit to be shown: what people read in it, and nothing that acts, loads, or looks like ours.

Nothing of the markup is kept. It is read into a tree, and written anew from the lists below: what comes out holds
these elements, these attributes and escaped text, whatever a browser would have made of what came in. No style is
among them, and of all addresses only those of links and of the pictures that came along. Show it in a frame
(`framed`) all the same: a frame has no origin, and cannot cover your page.

Needs lxml, which comes with `omnichannel[email]`.
"""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Iterator, Mapping
from html import escape
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from omnichannel.errors import ConfigError

if TYPE_CHECKING:
    import lxml.html  # type: ignore[import-untyped]  # lxml carries no types

MOST_CHARS = 500_000
"""More of a document is not shown; the delivery keeps it."""
DEEPEST = 100
"""What is nested deeper is shown without its elements: the words stay."""

_KEPT = frozenset({
    "a", "abbr", "address", "b", "bdi", "bdo", "big", "blockquote", "br", "caption", "center", "cite", "code",
    "dd", "del", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6",
    "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "samp", "small", "span", "strike",
    "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "u", "ul", "var", "wbr",
})  # fmt: skip
_EMPTY = frozenset({"br", "hr", "img", "wbr"})
# Their words are no words for people, or mean something else to another reader.
_HIDDEN = frozenset({
    "applet", "audio", "base", "canvas", "embed", "frame", "frameset", "head", "iframe", "link", "listing",
    "math", "meta", "noembed", "noframes", "noscript", "object", "option", "plaintext", "script", "select",
    "style", "svg", "template", "textarea", "title", "video", "xmp",
})  # fmt: skip
_SPANS = re.compile(r"[1-9]\d{0,2}", re.ASCII)
_PIXELS = re.compile(r"\d{1,4}", re.ASCII)
_LINK = re.compile(r"(?:https?://[^/\\?#\s]|mailto:|tel:).*", re.IGNORECASE | re.DOTALL)
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/]+={0,2}", re.ASCII)
_MAGIC = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg", b"GIF8": "gif", b"RIFF": "webp"}
_IN_TEXT = re.compile(r"https?://[^\s<>\"'\\]{1,2000}[^\s<>\"'\\.,;:!?)\]]", re.IGNORECASE)
_UNSEEN = frozenset(
    {"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"}
)  # what a browser may strip out of an address, and more

_TAG = re.compile(r"<[^<>]*>")
_READINGS = 5

_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'"
_STYLE = "body{font:15px/1.5 sans-serif;overflow-wrap:anywhere}img{max-width:100%}"


def cleaned(markup: str, images: Mapping[str, bytes] = MappingProxyType({})) -> str:
    """A document or piece of one as HTML that only shows. Cleaning it again changes nothing.

    `images` are pictures that came along, by their Content-ID; of others the words that stand for them are shown.
    Raises ConfigError without lxml.
    """
    source = markup[:MOST_CHARS]
    try:
        return _settled("".join(_written(source, images)))
    except _Unclear:
        return from_text(_TAG.sub("", source))


def _settled(written: str) -> str:
    """What reading and writing it again does not change: as a rule that is so at once. Raises _Unclear."""
    for _ in range(_READINGS):
        again = "".join(_written(written, {}))
        if again == written:
            return written
        written = again
    raise _Unclear


def from_text(text: str) -> str:
    """Plain words as HTML: escaped first, then line breaks, and links to web pages."""
    made, at = [], 0
    for found in _IN_TEXT.finditer(text):
        made.append(escape(text[at : found.start()]))
        made.append(_tag("a", _link(found.group())) + escape(found.group()) + "</a>")
        at = found.end()
    return "".join([*made, escape(text[at:])]).replace("\r\n", "\n").replace("\n", "<br>")


def framed(body: str, *, title: str = "message") -> str:
    """A frame for what `cleaned` or `from_text` made: no script runs in it, nothing is loaded, and it has no origin.

    `title` is what screen readers call it.
    """
    page = (
        f'<!doctype html><meta charset="utf-8"><meta http-equiv="content-security-policy" content="{_POLICY}">'
        f'<meta name="referrer" content="no-referrer"><style>{_STYLE}</style><body dir="auto">{body}</body>'
    )
    allowed = "allow-popups allow-popups-to-escape-sandbox"
    return (
        f'<iframe sandbox="{allowed}" referrerpolicy="no-referrer" title="{escape(title)}"'
        f' srcdoc="{escape(page)}"></iframe>'
    )


class _Unclear(Exception):  # noqa: N818 - it never leaves this module
    """No two readings agree on a document, or it is nested deeper than a reader goes: its words have to do."""


class _Open(NamedTuple):
    """An element that was begun: what ends it, and whether it hides what is in it."""

    end: str
    hides: bool


def _written(markup: str, images: Mapping[str, bytes]) -> Iterator[str]:
    """The tree of a document, written anew."""
    tree = _tree(markup)
    import lxml.etree  # type: ignore[import-untyped]  # lxml carries no types

    open_: list[_Open] = []
    hidden = 0
    for event, element in lxml.etree.iterwalk(tree, events=("start", "end")):
        if event == "end":
            ended = open_.pop()
            hidden -= ended.hides
            if not hidden:
                yield ended.end + escape(element.tail or "")
            continue
        name = element.tag if isinstance(element.tag, str) else ""
        begun, closed = _begun(element, name, images) if name in _KEPT and len(open_) < DEEPEST else ("", "")
        open_.append(_Open(closed, name in _HIDDEN))
        hidden += name in _HIDDEN
        if not hidden:
            yield begun + escape(element.text or "")


def _tree(markup: str) -> lxml.html.HtmlElement:
    try:
        import lxml.etree
        import lxml.html
    except ImportError:
        raise ConfigError("lxml", "it is not installed", "Run: pip install 'omnichannel[email]'") from None
    # Without huge_tree, libxml2 drops whatever follows the 256th level, silently.
    parser = lxml.html.HTMLParser(huge_tree=True, encoding="utf-8", remove_comments=True, remove_pis=True)
    source = f"<body>{markup}".replace("\x00", "").encode("utf-8", "replace")
    tree = lxml.html.document_fromstring(source, parser=parser)
    if any("depth" in error.message for error in parser.error_log):
        raise _Unclear
    return tree


def _begun(element: lxml.html.HtmlElement, name: str, images: Mapping[str, bytes]) -> tuple[str, str]:
    """How an element begins and ends; a picture that is not there is the words that stand for it."""
    given = {str(key).lower(): str(value) for key, value in element.attrib.items()}
    if name != "img":
        return _tag(name, _attributes(name, given)), "" if name in _EMPTY else f"</{name}>"
    source = _picture(given.get("src", ""), images)
    alt = given.get("alt", "")[:1000]
    if not source:
        return escape(f"[{alt}]" if alt.strip() else ""), ""
    sizes = {key: given[key] for key in ("width", "height") if _PIXELS.fullmatch(given.get(key, ""))}
    return _tag("img", {"src": source, "alt": alt, **sizes}), ""


def _attributes(name: str, given: Mapping[str, str]) -> dict[str, str]:
    kept = _link(given.get("href", "")) if name == "a" else {}
    if given.get("dir", "").lower() in ("ltr", "rtl", "auto"):
        kept["dir"] = given["dir"].lower()
    if name in ("td", "th"):
        kept |= {key: given[key] for key in ("colspan", "rowspan") if _SPANS.fullmatch(given.get(key, ""))}
    return kept


def _link(address: str) -> dict[str, str]:
    """What makes a link of an address; nothing for one not of the web, mail or telephones, or that hides itself."""
    bare = address.strip(" \t\r\n")
    if not _LINK.fullmatch(bare) or any(unicodedata.category(char) in _UNSEEN for char in bare):
        return {}
    return {"href": bare, "title": bare[:300], "target": "_blank", "rel": "noopener noreferrer nofollow"}


def _picture(source: str, images: Mapping[str, bytes]) -> str:
    """A picture as what stands in the page itself: its bytes; empty for one that would have to be loaded."""
    if source.startswith("data:"):
        return source if _PICTURE.fullmatch(source) else ""
    content = images.get(source[4:].strip("<> "), b"") if source[:4].lower() == "cid:" else b""
    form = next((form for magic, form in _MAGIC.items() if content.startswith(magic)), "")
    return f"data:image/{form};base64,{base64.b64encode(content).decode()}" if form else ""


def _tag(name: str, attributes: Mapping[str, str]) -> str:
    written = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items())
    return f"<{name}{written}>"
