"""HTML to lines of readable text, with the marks that mail programs leave around quotes and signatures.

inscriptis does the rendering (it leaves out what is hidden, and keeps tables readable). The marks travel through
it as private-use characters on lines of their own, which no text from outside can contain by then.
"""

from __future__ import annotations

import re
from html import unescape

import lxml.etree  # type: ignore[import-untyped]  # lxml carries no types
import lxml.html  # type: ignore[import-untyped]  # same
from inscriptis import Inscriptis
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.model.config import ParserConfig

from omnichannel.channels.email.lines import Line, Mark, plain_lines
from omnichannel.toolbox import clean

MOST_CHARS = 500_000
"""More of an HTML body is not rendered; the raw mail keeps it."""

_DEEPEST = 150  # inscriptis calls itself per level, and a caller may be deep in Python's stack already

_OPEN: dict[Mark, str] = {"quoted": "\ue0f0", "signature": "\ue0f2", "cut": "\ue0f4"}
_CLOSE: dict[Mark, str] = {"quoted": "\ue0f1", "signature": "\ue0f3"}
_INDENT, _OUTDENT = "\ue0f5", "\ue0f6"
_OURS = re.compile("[\ue0f0-\ue0f6]")
_OPENS: dict[str, Mark] = {char: mark for mark, char in _OPEN.items()}
_CLOSES: dict[str, Mark] = {char: mark for mark, char in _CLOSE.items()}

_QUOTING = re.compile(
    r"(?:^|[\s_-])(?:gmail_attr|moz-cite-prefix|moz-forward-container|yahoo_quoted|yahoo-quoted-begin|protonmail_quote"
    r"|tutanota_quote|zmail_extra|hey_quote|mailbox_signature_quote|quoted_message)(?:\s|$)|yahoo_quoted(?:\s|$)"
)
_SIGNING = re.compile(
    r"(?:^|\s)(?:gmail_signature|moz-signature|protonmail_signature_block|applemailsignature|signature"
    r"|ms-outlook-mobile-signature|tutanota_signature)(?:\s|$)"
)
_CUTTING = re.compile(
    r"(?:^|\s)(?:divrplyfwdmsg|appendonsend|olk_src_body_section|mail-editor-reference-message-container"
    r"|ms-outlook-mobile-reference-message|isforwardcontent|isreplycontent)(?:\s|$)"
)
# Outlook's desktop program: a thin grey or blue line above the header of the mail that is answered.
_OUTLOOK_LINE = re.compile(
    r"border:none;border-top:solid#(?:b5c4df|e1e1e1)1\.0pt|border-style:solidnonenone;border-(?:top-)?color:#(?:b5c4df|e1e1e1)"
)
_META_CHARSET = re.compile(
    rb"(?i)<meta\b[^<>]{0,200}?\bcharset\s{0,3}=\s{0,3}[\"']?\s{0,3}([a-z0-9_:.-]{2,40})"
)
_TAG = re.compile(r"<[^<>]*>")
_BREAKING_TAG = re.compile(r"(?i)<(?:br|/?p|/?div|/?tr|/?li|/?h[1-6]|/?blockquote)\b[^<>]*>")
_UNSEEN = re.compile(r"(?i)<(?:script|style|title)\b[^<>]*>|<!--")
# Mail programs that forget to escape an address make a tag of it, and with it nobody wrote anything.
_BARE_ADDRESS = re.compile(r"<([^\s<>\"'=/@]{1,100}@[^\s<>\"'=/@]{1,200})>")


def charset_within(data: bytes) -> str:
    """The character set that a document names in its head; empty if it names none."""
    found = _META_CHARSET.search(data[:4000])
    return found[1].decode("ascii", "replace") if found else ""


def looks_like_html(text: str) -> bool:
    """Whether a text that claims to be plain is a whole HTML document."""
    return bool(re.match(r"(?i)\s*(?:<!doctype html|<html[\s>])", text[:500]))


def html_lines(markup: str) -> list[Line]:
    """HTML as lines; never raises, and never gives nothing where there was text to see."""
    source = _BARE_ADDRESS.sub(r"&lt;\1&gt;", clean(_OURS.sub("\ufffd", markup[:MOST_CHARS])))
    try:
        rendered = _rendered(source)
    except (lxml.etree.LxmlError, ValueError, RecursionError, AssertionError, LookupError, AttributeError):
        rendered = ""
    return _tidied(_marked(rendered if rendered.strip() else _stripped(source)))


def _rendered(source: str) -> str:
    """The text of the document; empty if it is nested too deeply to be rendered."""
    # Without huge_tree, libxml2 drops whatever follows the 256th level, silently.
    parser = lxml.html.HTMLParser(huge_tree=True, encoding="utf-8", remove_comments=True, remove_pis=True)
    if not source.strip():
        return ""
    tree = lxml.html.document_fromstring(source.encode(), parser=parser)
    if _depth(tree) > _DEEPEST or any("depth" in error.message for error in parser.error_log):
        return ""
    _mark(tree)
    return str(Inscriptis(tree, ParserConfig(css=CSS_PROFILES["strict"])).get_text())


def _depth(tree: lxml.html.HtmlElement) -> int:
    deepest = depth = 0
    for event, _ in lxml.etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


def _mark(tree: lxml.html.HtmlElement) -> None:
    """Put the marks into the document, around the elements that mail programs make for quotes."""
    for element in list(tree.iter()):
        if not isinstance(element.tag, str):
            continue
        element.text = _OURS.sub("\ufffd", element.text) if element.text else element.text
        element.tail = _OURS.sub("\ufffd", element.tail) if element.tail else element.tail
    for element in list(tree.iter("div", "blockquote", "span", "table", "p", "section", "hr")):
        before, after = _marks_of(element)
        if element.tag == "hr":
            element.tag = "div"  # inscriptis knows no rule, and would join the lines above and below it
        if before and element.getparent() is not None:
            _surround(element, before, after)


def _marks_of(element: lxml.html.HtmlElement) -> tuple[str, str]:
    """The characters before and after an element; two empty ones for an ordinary element."""
    names = f"{element.get('class', '')} {element.get('id', '')} {element.get('data-smartmail', '')}".lower()
    style = re.sub(r"\s", "", element.get("style", "").lower())
    if _CUTTING.search(names) or _OUTLOOK_LINE.search(style):
        return _OPEN["cut"], ""
    if _is_quote(element, names):
        return _OPEN["quoted"], _CLOSE["quoted"]
    if _SIGNING.search(names):
        return _OPEN["signature"], _CLOSE["signature"]
    return (_INDENT, _OUTDENT) if element.tag == "blockquote" else ("", "")


def _is_quote(element: lxml.html.HtmlElement, names: str) -> bool:
    if "gmail_quote" in names:
        # Whoever answers below the quote writes inside Gmail's container: then only the blockquote is quoted.
        nested = element.tag != "blockquote" and element.find(".//blockquote") is not None
        return element.tag != "blockquote" and not nested
    if element.tag == "blockquote" and element.get("type", "").lower() == "cite":
        return True
    return bool(_QUOTING.search(names)) or (
        element.tag == "div" and element.get("name", "").lower() == "quote"
    )


def _surround(element: lxml.html.HtmlElement, before: str, after: str) -> None:
    """Put marks beside an element, without counting its siblings: there may be thousands."""
    opening = lxml.etree.Element("div")
    opening.text = before
    element.addprevious(opening)
    if after:
        closing = lxml.etree.Element("div")
        closing.text, closing.tail, element.tail = after, element.tail, None
        element.addnext(closing)


def _stripped(source: str) -> str:
    """The text between the tags, for documents that no renderer takes; linear."""
    broken = _BREAKING_TAG.sub("\n", _without_unseen(source))
    return unescape(_TAG.sub("", broken))


def _without_unseen(source: str) -> str:
    """The document without comments, scripts, styles and title; what is never closed hides the rest."""
    kept, at = [], 0
    while found := _UNSEEN.search(source, at):
        kept.append(source[at : found.start()])
        closing = "-->" if found.group() == "<!--" else "</"
        end = source.find(closing, found.end())
        if end < 0:
            return "".join(kept)
        at = end + len(closing) if closing == "-->" else end
    return "".join([*kept, source[at:]])


def _marked(text: str) -> list[Line]:
    """The rendered text as lines, marks taken out of the words again; indented quotes get their `>`."""
    lines: list[Line] = []
    inside: list[Mark] = []
    indent = 0
    for line in plain_lines(text):
        marks = _OURS.findall(line.text)
        for char in marks:
            indent += {_INDENT: 1, _OUTDENT: -1}.get(char, 0)
            inside = _after(char, inside)
            if char == _OPEN["cut"]:
                lines.append(Line("", "cut"))
        words = _OURS.sub("", line.text).replace("\xa0", " ").rstrip()
        if words.strip() or not marks:
            lines.append(Line(("> " * max(indent, 0) + words).rstrip(), _outermost(inside)))
    return lines


def _after(char: str, inside: list[Mark]) -> list[Mark]:
    if char in _OPENS and char in (_OPEN["quoted"], _OPEN["signature"]):
        return [*inside, _OPENS[char]]
    if char in _CLOSES and _CLOSES[char] in inside:
        at = len(inside) - 1 - inside[::-1].index(_CLOSES[char])
        return inside[:at] + inside[at + 1 :]
    return inside


def _outermost(inside: list[Mark]) -> Mark:
    """Within a quote everything is quoted, the signature of its author as well."""
    return "quoted" if "quoted" in inside else inside[0] if inside else ""


def _tidied(lines: list[Line]) -> list[Line]:
    """Without the deep gaps of layout tables: at most two blank lines in a row, none at the ends."""
    kept: list[Line] = []
    for line in lines:
        if line.text or line.mark == "cut" or len(kept) < 2 or any(one.text for one in kept[-2:]):
            kept.append(line)
    while kept and not kept[0].text and kept[0].mark != "cut":
        kept.pop(0)
    while kept and not kept[-1].text:
        kept.pop()
    return kept
