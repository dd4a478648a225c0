"""The small page behind a link: a form with five levels and room for words, and nothing of the customer on it."""

from __future__ import annotations

from html import escape

from omnichannel.desk.ratings.settings import Wording

HEADERS = (
    ("content-type", "text/html; charset=utf-8"),
    ("content-security-policy",
     "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"),
    ("referrer-policy", "no-referrer"), ("cache-control", "no-store"), ("x-robots-tag", "noindex"),
    ("x-content-type-options", "nosniff"),
)  # fmt: skip
"""Nothing is loaded, kept or told to anybody else: who has the address can answer."""

_PAGE = """<!doctype html><html lang="{language}"><meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title><style>body{{font:1.1rem/1.5 system-ui;max-width:32rem;margin:2rem auto;padding:0 1rem}}
label,textarea,button{{display:block;width:100%;box-sizing:border-box;font:inherit;margin:.5rem 0}}
input{{margin-right:.5rem}}fieldset{{border:0;padding:0}}legend{{font-size:1.4rem}}</style><main>{body}</main></html>"""


def form(wording: Wording, language: str) -> str:
    """The form. It is sent to the address that it came from."""
    levels = "".join(
        f'<label><input type="radio" name="stars" value="{stars}" required>{stars} – {escape(level)}</label>'
        for stars, level in reversed(list(enumerate(wording.levels, 1)))
    )
    body = (
        f'<form method="post"><fieldset><legend>{escape(wording.title)}</legend>{levels}</fieldset>'
        f'<label>{escape(wording.words)}<textarea name="words" rows="4" maxlength="2000"></textarea></label>'
        f"<button>{escape(wording.send)}</button></form>"
    )
    return _page(wording, language, body)


def told(wording: Wording, language: str, text: str) -> str:
    """A page that only says something."""
    return _page(wording, language, f'<p role="status">{escape(text)}</p>')


def _page(wording: Wording, language: str, body: str) -> str:
    return _PAGE.format(language=escape(language or "en"), title=escape(wording.title), body=body)
