"""The pages of the desk, as HTML: everything that a customer wrote is escaped, nothing needs a script."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from html import escape
from textwrap import shorten
from typing import NamedTuple

from omnichannel import Message
from omnichannel.desk import Case
from omnichannel.model.desk import Suggested, Writing

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }}
body {{ max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }}
nav, form.inline, li form {{ display: inline-flex; gap: .5rem; align-items: baseline; }}
textarea {{ width: 100%; font: inherit; box-sizing: border-box; }}
blockquote {{ margin: .5rem 0; padding: .3rem .8rem; border-left: .25rem solid #8888; white-space: pre-wrap; }}
.ours {{ border-color: #28c; }} .note {{ border-color: #c82; }}
.late {{ font-weight: bold; color: #c22; }} small {{ opacity: .75; }}
</style>
<main>
<h1>{title}</h1>
{body}
</main>
</html>
"""


Titled = tuple[Case, str]


def page(title: str, *body: str) -> str:
    """A whole page. `title` is words, `body` is HTML."""
    return _PAGE.format(title=escape(title), body="\n".join(body))


def button(action: str, words: str, key: str = "", **fields: str) -> str:
    """A form of one button; `key` presses it from the keyboard (with Alt, or as the browser has it)."""
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in fields.items()
    )
    short = f' accesskey="{key}"' if key else ""
    inside = f"{hidden}<button{short}>{escape(words)}</button>"
    return f'<form class="inline" method="post" action="{escape(action)}">{inside}</form>'


def login(names: Iterable[str]) -> str:
    """Who are you?"""
    return page("Who are you?", *(button("/login", name, name=name) for name in names))


def queue(name: str, mine: Sequence[Titled], waiting: Sequence[Titled], now: datetime) -> str:
    """What somebody has, what is due first, and what waits for anybody."""
    return page(
        f"{name}'s desk",
        f"<nav>{button('/next', 'Take the next one', key='n')} {button('/logout', 'Leave')}</nav>",
        "<h2>Yours</h2>",
        _list(mine, now) or "<p>Nothing waits for you.</p>",
        f"<h2>Waiting for anybody: {len(waiting)}</h2>",
        _list(waiting, now),
    )


def _list(cases: Sequence[Titled], now: datetime) -> str:
    rows = "".join(
        f'<li><a href="/case/{escape(one.conversation.id)}">{escape(title)}</a> {_due(one, now)}</li>'
        for one, title in cases
    )
    return f"<ol>{rows}</ol>" if rows else ""


def titled(case: Case, said: Sequence[Message]) -> Titled:
    """A case, and what it is about: what they asked first and is open, else what they said last."""
    asked = [one.text for one in case.open_questions[:1]]
    words = [one.text for one in said if one.direction == "inbound" and one.text][-1:]
    first = (*asked, *words, case.conversation.subject, f"on {case.kind}")
    return case, shorten(next(filter(None, first)), 100, placeholder="…")


def _due(case: Case, now: datetime) -> str:
    if case.due_at is None:
        return "<small>nothing is due</small>"
    late = ' class="late"' if case.due_at <= now else ""
    said = "was due" if case.due_at <= now else "due"
    return f"<small{late}>{said} {case.due_at:%a %H:%M} UTC, {escape(case.priority)}</small>"


class Shown(NamedTuple):
    """What somebody sees of a conversation: what was said, and what could be answered; `who` is the customer's name.

    `writing` is who else answers it, and what was said since they looked; `text` what they wrote and did not send.
    """

    case: Case
    who: str
    said: Sequence[Message]
    suggested: Sequence[tuple[Suggested, str]]
    writing: Writing
    text: str = ""

    @property
    def seen(self) -> str:
        """The last message of this conversation that is on the page."""
        here = [one.id for one in self.said if one.conversation == self.case.conversation.id]
        return here[-1] if here else ""


def case(shown: Shown, now: datetime) -> str:
    """One conversation: what was said, what is open, what could be answered."""
    found, said, there = shown.case, shown.said, f"/case/{shown.case.conversation.id}"
    close = button(there, "Close", key="c", do="close")
    open_questions = "".join(f"<li>{escape(one.text)}</li>" for one in found.open_questions)
    return page(
        titled(found, said)[1],
        f'<nav><a href="/" accesskey="q">All</a> {_due(found, now)} {close}</nav>',
        *(_message(one, shown.who) for one in said),
        f"<h2>Open questions</h2><ul>{open_questions}</ul>" if open_questions else "",
        *(_suggestion(there, one, text, shown.seen) for one, text in shown.suggested),
        *_collision(shown),
        f'<form method="post" action="{escape(there)}"><input type="hidden" name="do" value="reply">'
        f'<input type="hidden" name="seen" value="{escape(shown.seen)}">'
        '<label for="text">Your answer</label><textarea id="text" name="text" rows="4" required autofocus>'
        f"\n{escape(shown.text)}</textarea>"
        '<button accesskey="s">Send</button></form>',
    )


def _message(one: Message, customer: str) -> str:
    who = one.agent or (one.author.name if one.author else "") or customer or "somebody"
    kind = {"outbound": "ours", "note": "note"}.get(one.direction, "theirs")
    meta = f"<small>{escape(who)}, {escape(one.kind or 'note')}, {one.sent_at or one.received_at:%a %H:%M}</small>"
    return f'<blockquote class="{kind}">{escape(one.text)}<br>{meta}</blockquote>'


def _collision(shown: Shown) -> Iterator[str]:
    """Who else is at it, and what was said since they looked: nothing of theirs was sent."""
    if shown.writing.others:
        yield f'<p role="status">{escape(", ".join(shown.writing.others))} may be answering this, too.</p>'
    if shown.writing.newer:
        yield '<p role="alert" class="late">Not sent: this was said since you looked. Read it, and send again.</p>'
        yield from (_message(one, shown.who) for one in shown.said if one.id in shown.writing.newer)


def _suggestion(action: str, one: Suggested, text: str, seen: str) -> str:
    because = escape("; ".join(one.because))
    send = button(action, f"Send “{one.answer}”", do="say", answer=one.answer, seen=seen)
    return f"<h2>Suggested</h2><blockquote>{escape(text)}<br><small>{because}</small></blockquote>{send}"
