"""A stranger's HTML is written anew: its words and pictures stay, and what comes out is the same when it is read again."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.channels.email.shown import shown
from omnichannel.errors import ConfigError
from omnichannel.html import DEEPEST, cleaned, framed, from_text

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 8
NAMES = [
    "p",
    "div",
    "b",
    "i",
    "a",
    "table",
    "tr",
    "td",
    "ul",
    "li",
    "h1",
    "x-y",
    "form",
    "font",
    "blockquote",
    "pre",
    "dl",
    "dt",
    "dd",
    "hr",
    "br",
    "img",
    "svg",
    "style",
    "script",
]
TAGS = st.builds(
    lambda shape, name: shape.format(name),
    st.sampled_from(["<{}>", "</{}>", "<{}>words"]),
    st.sampled_from(NAMES),
)


@pytest.mark.parametrize(
    ("markup", "written"),
    [
        ("<p>Hello <b>Anna</b></p>", "<p>Hello <b>Anna</b></p>"),
        ("a < b & c", "a &lt; b &amp; c"),
        ("<td colspan=2 rowspan=9999 onclick=x>a", '<td colspan="2">a</td>'),
        ("<table><tr><td colspan=2 rowspan=9999>a", '<table><tr><td colspan="2">a</td></tr></table>'),
        ("<p dir=RTL style='color:red' class=x>a", '<p dir="rtl">a</p>'),
        ("<font color=red>a</font><o:p>b</o:p>", "ab"),
        ("<style>p{}</style><title>t</title>a", "a"),
        ("<img src=https://a.example/x.png alt='our logo'>", "[our logo]"),
        ("<img src=cid:none>", ""),
        ("", ""),
    ],
)
def test_what_is_left(markup: str, written: str) -> None:
    assert cleaned(markup) == written


def test_a_picture_that_came_along_is_shown() -> None:
    """By its Content-ID, and only if its first bytes say that it is one."""
    found = cleaned(
        "<img src='cid:logo' alt=a width=10 height=x><img src=cid:page>", {"logo": PNG, "page": b"<html>"}
    )
    assert found == '<img src="data:image/png;base64,iVBORw0KGgoAAAAAAAAAAA==" alt="a" width="10">'


def test_links_say_where_they_lead() -> None:
    (link,) = [cleaned("<a href=' https://a.example/?x=1&y=2 '>your bank</a>")]
    assert 'href="https://a.example/?x=1&amp;y=2" title="https://a.example/?x=1&amp;y=2"' in link
    assert 'target="_blank" rel="noopener noreferrer nofollow"' in link
    assert cleaned("<a href=mailto:a@b.nl>a</a>").count("href") == 1


@given(st.lists(TAGS, max_size=14).map("".join))
def test_reading_it_again_changes_nothing(markup: str) -> None:
    assert cleaned(cleaned(markup)) == cleaned(markup)


@given(st.text())
def test_any_text_is_cleaned_and_no_plain_word_is_lost(text: str) -> None:
    cleaned(text)
    assert "<script" not in from_text(text).lower()


@pytest.mark.parametrize("depth", [DEEPEST, 300, 5_000])
def test_what_is_nested_too_deep_keeps_its_words(depth: int) -> None:
    found = cleaned("<div>" * depth + "words")
    assert "words" in found
    assert found.count("<div>") <= DEEPEST


def test_text_becomes_lines_and_links() -> None:
    found = from_text("See https://a.example/x?y=1&z=2.\r\n<b>")
    assert found.startswith('See <a href="https://a.example/x?y=1&amp;z=2"')
    assert found.endswith("</a>.<br>&lt;b&gt;")


def test_a_frame_has_a_name_and_no_rights() -> None:
    assert framed("<b>a</b>", title='"x').startswith(
        '<iframe sandbox="allow-popups allow-popups-to-escape-sandbox" referrerpolicy="no-referrer" title="&quot;x" srcdoc="'
    )


def test_without_lxml_the_cure_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("lxml.html", "lxml.etree"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ConfigError, match=r"omnichannel\[email\]"):
        cleaned("a")


MAIL = (
    b'From: a@b.nl\r\nContent-Type: multipart/related; boundary="x"\r\n\r\n'
    b"--x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>caf\xc3\xa9 <img src='cid:logo@b'><script>1</script></p>\r\n"
    b"--x\r\nContent-Type: image/png\r\nContent-ID: <logo@b>\r\n\r\n" + PNG + b"\r\n--x--\r\n"
)


def test_a_mail_is_shown_with_its_pictures() -> None:
    found = shown(MAIL)
    assert found.startswith('<p>caf\u00e9 <img src="data:image/png;base64,')
    assert "script" not in found


def test_a_mail_without_html_is_shown_as_its_words() -> None:
    assert shown(b"From: a@b.nl\r\n\r\none\r\n<two>\r\n") == "one<br>&lt;two&gt;<br>"
    assert shown(b"From: a@b.nl\r\nContent-Type: image/png\r\n\r\n" + PNG) == ""
