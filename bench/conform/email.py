"""How far the e-mail channel agrees with what the sources of real mails and replies expect of them.

Every file under `data/email` is read (`never_raises`); what a source expects of it is compared as far as it has
a counterpart in our model: subject, sender, recipients, body, reply, attachments, automatic, thread. Texts are
compared with white space folded, and from 98 % similarity on they count as met. Where we differ on purpose,
`email_differences.toml` says why: such a case counts as not met all the same, and is listed apart.

`python -m bench.conform.email` prints a table, the totals, and the cases that differ.
"""

from __future__ import annotations

import json
import time
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from bench.conform import Row, rows, table
from bench.conform.email_mails import compare as compare_mail
from bench.conform.email_replies import Finding
from bench.conform.email_replies import compare as compare_reply
from omnichannel.channels.email import Email

DATA = rows.DATA / "email"
DIFFERENCES = Path(__file__).with_name("email_differences.toml")
_NOT_INPUTS = (".json", ".xml")
_LONGEST_SECONDS = 5.0


def report(data: Path = DATA) -> list[Row]:
    """The figures of every source under a folder; empty if there is none."""
    results: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for folder in sorted(path for path in data.glob("*") if path.is_dir()):
        _read_all(folder, results)
        for source, name, expected in _cases(folder):
            path = folder / name
            for what, problem in _compare(source, path, path.read_bytes(), expected):
                results[source, what].append((f"{folder.name}/{name}", problem))
    return [rows.row(source, what, found) for (source, what), found in sorted(results.items())]


def _read_all(folder: Path, results: dict[tuple[str, str], list[tuple[str, str]]]) -> None:
    inputs = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix not in _NOT_INPUTS]
    if folder.name.startswith("esp-webhook"):
        inputs = [
            path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "expected.json"
        ]
    for path in inputs:
        results[folder.name, "never_raises"].append((str(path.relative_to(folder.parent)), _trouble(path)))


def _trouble(path: Path) -> str:
    """Why reading a file is not as it should be: it raises, takes for ever, or is read only as a last resort."""
    began = time.perf_counter()
    try:
        events = rows.read(Email, path.read_bytes())
    except Exception as error:
        return repr(error)
    slow = time.perf_counter() - began
    if any(event.event == "received" and "parse_error" in event.notes for event in events):
        return "parse_error"
    return f"{slow:.1f} s" if slow > _LONGEST_SECONDS else ""


def _cases(folder: Path) -> Iterator[tuple[str, str, dict]]:
    """Every expectation of a source, and what other projects expect of the very same file."""
    expected = folder / "expected.json"
    cases = json.loads(expected.read_text("utf-8"))["cases"] if expected.is_file() else {}
    for name, case in cases.items():
        yield folder.name, name, case["expected"]
        for other, also in case["expected"].get("also_tested_by", {}).items():
            yield other.split("/")[1], name, also["expected"]


def _compare(source: str, path: Path, raw: bytes, expected: dict) -> Iterator[Finding]:
    if source.startswith("reply__") and path.suffix in (".txt", ".html"):
        yield from compare_reply(source, path.name, raw, expected)
        return
    events = rows.read(Email, raw)
    if source.startswith("reply__"):
        yield from compare_reply(source, path.name, _first_text(raw), expected)
    elif not source.startswith(("esp-webhook", "mbox", "threading", "address")):
        yield from compare_mail(path, raw, events, expected)


def _first_text(raw: bytes) -> bytes:
    """The first plain text of a mail, which is what talon's cases are about."""
    from omnichannel.channels.email.mime import read as take_apart

    mail = take_apart(raw)
    return next((mail.body(leaf) for leaf in mail.leaves() if leaf.media_type == "text/plain"), b"")


def on_purpose() -> dict[tuple[str, str], str]:
    """The reasons for the differences that are meant, by file and by what differs."""
    listed = tomllib.loads(DIFFERENCES.read_text("utf-8"))["difference"] if DIFFERENCES.is_file() else []
    return {(one["file"], one["what"]): one["reason"] for one in listed}


def totals(found: list[Row]) -> list[Row]:
    """The rows of all sources, added up by what was compared."""
    kinds = sorted({row.what for row in found})
    return [
        Row(
            "all",
            kind,
            sum(r.met for r in found if r.what == kind),
            sum(r.of for r in found if r.what == kind),
        )
        for kind in kinds
    ]


def main() -> None:
    """Print the table, the totals, and the cases that differ, those on purpose apart."""
    found = report()
    reasons = on_purpose()
    print(table([*found, *totals(found)]))
    cases = [(row.what, case) for row in found for case in row.differing]
    meant = [(what, case) for what, case in cases if (case.split(": ")[0], what) in reasons]
    print(f"\n{len(cases)} differ, {len(meant)} of them on purpose")
    for what, case in cases:
        name = case.split(": ")[0]
        reason = reasons.get((name, what))
        print(f"  {what}: {name}: on purpose: {reason}" if reason else f"  {what}: {case}")


if __name__ == "__main__":
    main()
