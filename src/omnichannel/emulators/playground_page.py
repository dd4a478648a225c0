"""What the customers' page shows: for each platform, what everybody sees there, and a form to write. No scripts."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from omnichannel.emulators.emulator import Button, Emulator, File, Seen

POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
"""What stands on the page is text, links and forms to the page itself, whatever a company answers."""

PAGE = """<!doctype html><html lang=en><meta charset=utf-8><title>omnichannel: the customers' side</title>
<style>body{{font:1rem/1.5 system-ui;max-width:60rem;margin:2rem auto;padding:0 1rem}}[role=alert]{{color:#a00}}
section{{border-top:1px solid #ccc}}li form{{display:inline}}p{{margin:0;white-space:pre-wrap}}</style>
<h1>The customers' side</h1>
<form method=get action=/><button>Look again</button></form>
<form method=post action=/push><button>Deliver what is on its way</button></form>{}</html>"""


def html_of(kind: str, emulator: Emulator, people: Sequence[str], trouble: str) -> str:
    """One platform: what those people see, and the form in which to write."""
    told = "".join(
        f"<h3>{escape(who)} sees</h3><ul>{''.join(_message(kind, who, one) for one in emulator.seen(who))}</ul>"
        for who in people
    )
    alert = f"<p role=alert>{escape(trouble)}</p>" if trouble else ""
    who = escape(people[-1] if people else "Ann")
    files = "<label>File <input name=file type=file></label> " if emulator.takes_files else ""
    needed = "" if files else " required"
    return (
        f"<section aria-label='{escape(kind)}'><h2>{escape(kind)}</h2>{alert}{told}"
        f"<form method=post action=/write enctype=multipart/form-data>{_hidden('kind', kind)}"
        f"<label>Who <input name=who value='{who}' required></label> "
        f"<label>Says <input name=text size=40{needed}></label> {files}<button>Write</button></form></section>"
    )


def _message(kind: str, who: str, seen: Seen) -> str:
    text = f"<p>{escape(seen.text)}</p>" if seen.text else ""
    files = " ".join(_file(one) for one in seen.files)
    return f"<li>{text}{files}{''.join(_button(kind, who, seen.id, one) for one in seen.buttons)}</li>"


def _file(file: File) -> str:
    return f"<span>📎 {_link(file.url, file.name)}</span>"


def _button(kind: str, who: str, message: str, button: Button) -> str:
    if button.url:
        return f" {_link(button.url, button.title)}"
    told = {"kind": kind, "who": who, "message": message, "value": button.value}
    hidden = "".join(_hidden(name, value) for name, value in told.items())
    return f" <form method=post action=/press>{hidden}<button>{escape(button.title)}</button></form>"


def _link(url: str, words: str) -> str:
    """A link to a page; where the address is of another kind, words alone."""
    if not url.lower().startswith(("https://", "http://")):
        return escape(words)
    return f"<a href='{escape(url)}' target=_blank rel='noopener noreferrer'>{escape(words)}</a>"


def _hidden(name: str, value: str) -> str:
    return f"<input type=hidden name={name} value='{escape(value)}'>"
