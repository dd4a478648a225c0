"""What the sources of quoted replies expect: which words are new, which are quoted, which are a signature.

Sources that do not look for signatures (talon, unquotemail, crisp, quotequail) are compared with what was
written together with its signature. Their way of cutting a thread into several mails has no counterpart here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bench.conform.email_text import Reply, bare, html_text, same, without_tags

Finding = tuple[str, str]
"""What was compared, and what differs; nothing if it is as expected."""


def compare(source: str, name: str, raw: bytes, expected: dict) -> Iterator[Finding]:
    """Everything that a case says about its reply."""
    reply = Reply(raw, html=name.endswith(".html"), sender=expected.get("sender", ""))
    if name.endswith(".html"):
        reply.forget_marks()
    signed = source in ("reply__talon", "reply__unquotemail", "reply__crisp-email-reply-parser")
    written = reply.signed() if signed else reply.text("written")
    for key in ("visible_reply", "expected_text"):
        if expected.get(key):
            problem = differs(written, expected[key])
            if problem and signed:
                problem = differs(reply.text("written", "signature"), expected[key])
            yield "reply", problem
    if "reply_text_nows" in expected:
        yield "reply", "" if bare(written) == bare(expected["reply_text_nows"]) else repr(written[:200])
    for key in ("expected_html", "expected_html_nows"):
        if expected.get(key):
            yield "reply", differs(bare(written), bare(without_tags(expected[key])))
    if "signature" in expected:
        yield "reply", differs(reply.text("signature"), expected["signature"])
    if "first_fragment" in expected:
        start = bare(expected["first_fragment"])
        yield "reply", "" if bare(written).startswith(start) else repr(written[:200])
    for part in expected.get("reply_contains", ()):
        yield "reply", "" if bare(part) in bare(written) else f"{part!r} is missing"
    if "fragments" in expected or "fragment_matches" in expected:
        yield "reply", _fragments(reply, expected)
    if "asserts" in expected and source == "reply__mail-parser-reply":
        yield "reply", _asserts(reply, expected["asserts"])
    yield from _quotequail(reply, expected)


def differs(found: str, wanted: str) -> str:
    """Nothing if two texts say the same, else both."""
    return "" if same(found, wanted) else f"found {found[:160]!r}, expected {wanted[:160]!r}"


def _fragments(reply: Reply, expected: dict) -> str:
    """github and crisp number fragments; visible ones must be written, hidden ones set apart."""
    fragments = expected.get("fragments", {})
    patterns = {int(key): value for key, value in fragments.get("matches", {}).items()}
    patterns |= {int(key): re.escape(value.strip()) for key, value in fragments.get("text", {}).items()}
    patterns |= dict(expected.get("fragment_matches", ()))
    if fragments.get("n") == 1 and reply.text("quoted", "signature"):
        return "something was set apart"
    for number, pattern in patterns.items():
        place = _place(reply, fragments, number)
        if pattern and not re.search(_loosened(pattern), place, re.MULTILINE):
            return f"fragment {number} ({pattern!r}) is not where it belongs"
    return ""


def _loosened(pattern: str) -> str:
    """The pattern with any white space where it has some: lines are trimmed here."""
    return pattern.replace(r"\ ", r"\s+").replace("-- ", r"--\s*").replace(r"\n", r"\s*")


def _place(reply: Reply, fragments: dict, number: int) -> str:
    hidden, quoted = fragments.get("hidden", []), fragments.get("quoted", [])
    if number < len(hidden) and hidden[number]:
        return reply.text("quoted", "signature")
    if number == 0 or (number < len(hidden) and not (number < len(quoted) and quoted[number])):
        return (
            reply.text("written") if number == 0 or hidden else reply.text("written", "quoted", "signature")
        )
    return reply.text("written", "quoted", "signature")


def _asserts(reply: Reply, asserts: list[dict]) -> str:
    """mail-parser-reply: replies[0] is what is new, all others are what was quoted."""
    for one in asserts:
        found = re.fullmatch(r"replies\[(\d+)\]\.(content|body|headers|signatures)", one["path"])
        if not found or (found[1] != "0" and one["op"] != "contains"):
            continue
        place = _reply_part(reply, int(found[1]), found[2])
        value = one["value"]
        if one["op"] == "eq":
            good = same(place, re.sub(r"\s*-{5,}$", "", value))
        else:
            good = (bare(value) in bare(place)) is (one["op"] == "contains")
        if not good:
            return f"{one['path']} {one['op']} {value[:80]!r}"
    return ""


def _reply_part(reply: Reply, number: int, part: str) -> str:
    if number > 0:
        return reply.text("quoted", "signature", "written")
    roles = {"body": ("written",), "signatures": ("signature",)}.get(part, ("written", "signature"))
    return reply.text(*roles)


def _quotequail(reply: Reply, expected: dict) -> Iterator[Finding]:
    written = reply.signed()
    for key in ("quote_intro_line", "quote_html_intro_line"):
        if expected.get(key):
            shown = "\n".join(text for visible, text in expected[key] if visible)
            yield "reply", differs(written, html_text(shown) if "html" in key else shown)
    unwrapped = expected.get("unwrap") or {}
    if unwrapped.get("text_top"):
        top = "\n".join((unwrapped["text_top"], unwrapped.get("text_bottom", "")))
        yield "reply", differs(written, top) and differs(reply.text("written", "signature"), top)
    if (expected.get("unwrap_html") or {}).get("html_top"):
        yield "reply", differs(written, html_text(expected["unwrap_html"]["html_top"]))
