"""HTML as readable text: hidden things left out, quotes and signatures of mail programs marked, never a time bomb."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.channels.email import html
from omnichannel.channels.email.html import html_lines, looks_like_html
from omnichannel.channels.email.quotes import split


def text_of(markup: str) -> str:
    return "\n".join(line.text for line in html_lines(markup))


def written(markup: str) -> str:
    return "\n".join(one.text for one in split(html_lines(markup)) if one.role == "written")


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Hello</p><p>there</p>", "Hello\n\nthere"),
        ("one<br>two", "one\ntwo"),
        ("a&nbsp;b &lt;c&gt;", "a b <c>"),
        ("<script>x()</script><style>p{}</style><title>t</title>shown", "shown"),
        ('<div style="display:none">preheader</div>shown', "shown"),
        ("fi<span>r</span>st", "first"),
        ("<ul><li>a</li><li>b</li></ul>", "* a\n  * b"),
        ("above<hr>below", "above\nbelow"),
        ("On Monday, Jane <jane@x.example> wrote:", "On Monday, Jane <jane@x.example> wrote:"),
        ("<blockquote>old</blockquote>new", "> old\nnew"),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>c", "> a\n> > b\nc"),
        ("<!-- note -->shown", "shown"),
        ("", ""),
        ("   ", ""),
        ("<div></div>", ""),
    ],
)
def test_html_is_read_as_a_person_sees_it(markup, text):
    assert [line.strip() for line in text_of(markup).split("\n")] == [
        line.strip() for line in text.split("\n")
    ]


@pytest.mark.parametrize(
    "quote",
    [
        '<div class="gmail_quote"><div class="gmail_attr">On 2/3/25 2:02 PM, Bob wrote:</div><blockquote class="gmail_quote">old</blockquote></div>',
        '<div class="gmail_quote">---------- Forwarded message ----------<br>From: Bob<br>old</div>',
        '<div class="moz-cite-prefix">On 26.06.2014 14:41, Bob wrote:</div><blockquote type="cite">old</blockquote>',
        '<blockquote type="cite"><div>old</div></blockquote>',
        '<div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>From:</b> Bob</div><div>old</div>',
        '<div style="border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p>From: Bob</p></div><p>old</p>',
        '<div style="border: none; border-top: solid #E1E1E1 1.0pt; padding: 3.0pt 0in 0in 0in">From: Bob</div>old',
        '<div class="ydp9b1f0a55yahoo_quoted" id="ydp9b1yahoo_quoted_58"><div>On Thursday, Jane wrote:</div>old</div>',
        '<div class="protonmail_quote">On Monday, Bob wrote:<blockquote class="protonmail_quote">old</blockquote></div>',
        '<div class="zmail_extra">old</div>',
        '<div name="quote">old</div>',
        '<div id="mail-editor-reference-message-container">old</div>',
        "<div>On 11-Apr-2011, at 6:54 PM, Bob &lt;bob@example.com&gt; wrote:</div><blockquote><div>old</div></blockquote>",
        "<blockquote><div>On 11-Apr-2011, at 6:54 PM, Bob &lt;bob@example.com&gt; wrote:</div>old</blockquote>",
        '<p>26.06.2014, 14:41, "Bob" &lt;<a href="mailto:b@x.example">b@x.example</a>&gt;:</p><blockquote>old</blockquote>',
    ],
)
def test_what_mail_programs_quote_in_html_is_set_apart(quote):
    assert written(f"<html><body><div>New words.</div>{quote}</body></html>") == "New words."


def test_an_answer_below_the_quote_within_gmails_container_is_written():
    markup = (
        '<div class="gmail_quote"><div class="gmail_attr">On 2/3/25, Bob wrote:</div>'
        '<blockquote class="gmail_quote">old</blockquote><div>New words.</div></div>'
    )
    assert written(markup) == "New words."


@pytest.mark.parametrize(
    "signature",
    [
        '<div class="gmail_signature" data-smartmail="gmail_signature">Jan<br>Bedrijf</div>',
        '<div class="moz-signature">-- <br>Jan</div>',
        '<div id="Signature">Jan</div>',
        '<div class="protonmail_signature_block">Jan</div>',
    ],
)
def test_signatures_that_programs_mark_in_html_are_told_apart(signature):
    segments = split(html_lines(f"<p>New words.</p>{signature}"))
    assert [one.role for one in segments] == ["written", "signature"]


def test_the_marks_cannot_be_forged_by_the_text():
    for forged in ("\ue0f0hidden\ue0f1", "&#xe0f0;hidden&#xe0f1;", "&#57588;hidden"):
        assert all(line.mark == "" for line in html_lines(f"<p>shown</p><p>{forged}</p>"))
        assert "hidden" in text_of(f"<p>shown</p><p>{forged}</p>")


@pytest.mark.parametrize("depth", [10, 140, 300, 3000, 40_000])
def test_text_is_found_at_any_depth_and_behind_it(depth):
    """libxml2 drops what follows the 256th level; inscriptis ends Python's stack."""
    found = text_of("before" + "<div>" * depth + "deep" + "</div>" * depth + "after")
    assert all(word in found for word in ("before", "deep", "after"))


def test_more_than_the_limit_is_not_rendered(monkeypatch):
    monkeypatch.setattr(html, "MOST_CHARS", 17)
    assert text_of("<p>0123456789</p>lost lost lost") == "0123456789"


def test_documents_no_renderer_takes_are_stripped_of_their_tags():
    deep = "<div>" * 500
    assert "a<b" in text_of(deep + "a&lt;b<br>c")
    assert "hidden" not in text_of(deep + "<style>hidden</style><!-- hidden -->shown<script>hidden")
    assert "shown" in text_of(deep + "<style>hidden</style><!-- hidden -->shown<script>hidden")


@pytest.mark.parametrize(
    "pump",
    [
        "<", "<a ", "<!--", "&#x", "&", "<blockquote>", "<table><tr><td>", "<script>", "<style>", "</", "<div class='gmail_quote'>",
        "<br>", "<p>", "]]>", "<![CDATA[", "<span>x", "<a@b", '<div style="', "<blockquote type=cite>a</blockquote>",
    ],
)  # fmt: skip
def test_a_pumped_document_is_rendered_in_linear_time(pump):
    began = time.process_time()
    html_lines(pump * (200_000 // len(pump)))
    assert time.process_time() - began < 10


@given(st.text(alphabet="<>/&;=\"' abdiv!-#x1\ue0f0\x00\n", max_size=200))
def test_no_markup_makes_rendering_raise(markup):
    for line in html_lines(markup):
        assert "\n" not in line.text


def test_a_plain_text_that_is_a_whole_document_is_recognised():
    assert looks_like_html(" <!DOCTYPE html><html>")
    assert looks_like_html("<html lang='nl'>")
    assert not looks_like_html("a <html> in a sentence")
