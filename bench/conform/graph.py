"""What the reports on Meta's channels have in common: files read, signatures judged, asserts compared."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Callable, Iterator

from bench.conform import Row
from bench.conform.messenger_accessors import NONE, agrees
from omnichannel.channel import Channel, Delivery
from omnichannel.errors import Forged
from omnichannel.model import Event

Look = Callable[[str, list[Event], str, dict], object]
"""From an accessor, the events, the file's name and its expectations to what ours says; NONE without counterpart."""


def read(kind: type[Channel], body: bytes) -> list[Event]:
    """The events of a file."""
    return list(kind.bare().parse(Delivery(source="file", body=body)))


def row(source: str, what: str, results: list[tuple[str, str]]) -> Row:
    """Figures of pairs of a case and what is wrong with it."""
    differing = tuple(f"{name}: {problem}" for name, problem in results if problem)
    return Row(source, what, len(results) - len(differing), len(results), differing)


def reads(kind: type[Channel], source: str, files: dict[str, bytes]) -> Row:
    """Whether no file raises, and none of its items is unreadable."""
    results = []
    for name, body in files.items():
        try:
            bad = [event.reason for event in read(kind, body) if event.event == "malformed"]
            results.append((name, "; ".join(bad)))
        except Exception as error:
            results.append((name, repr(error)))
    return row(source, "reads", results)


def signatures(kind: type[Channel], folder: pathlib.Path) -> Iterator[Row]:
    """Recorded bodies with Meta's own signature: taken when they are valid, and only then."""
    results = []
    for path in sorted(folder.glob("*.json")):
        vectors = json.loads(path.read_text("utf-8"))
        for number, vector in enumerate(vectors if isinstance(vectors, list) else ()):
            problem = "" if _admits(kind, vector) == vector["valid"] else "judged otherwise"
            results.append((f"{path.name} {number}", problem))
    if results:
        yield row("signatures/meta", "admits", results)


def _admits(kind: type[Channel], vector: dict) -> bool:
    header = ("x-hub-signature-256", vector["signature"])
    delivery = Delivery(body=vector["body"].encode(), headers=(header,))
    try:
        return kind.for_verifying((vector["app_secret"],)).admit(delivery).keep
    except Forged:
        return False


def asserts(
    kind: type[Channel], source: str, files: dict[str, bytes], expected: dict, look: Look
) -> Iterator[Row]:
    """What the source's own tests say, as far as their accessors have a counterpart in our model."""
    results = []
    for name, case in expected.items():
        if name not in files:
            continue
        found = case["expected"]
        several = [*found.get("asserts", ())]
        several += [one for each in found.get("cases", ()) for one in each.get("asserts", ())]
        events = read(kind, files[name]) if several else []
        for one in several:
            value = look(one["path"], events, name, one)
            if value is NONE:
                continue
            same = agrees(one["op"], one.get("value"), value)
            problem = f"{one['path']} {one['op']} {one.get('value')!r}, found {value!r}"
            results.append((name, "" if same else problem))
    if results:
        yield row(source, "asserts", results)


def report(
    kind: type[Channel], data: pathlib.Path, judge: Callable[[str, dict, dict], list[Row]]
) -> list[Row]:
    """The rows of every source under a folder; empty if there is none."""
    rows: list[Row] = []
    for folder in sorted(path for path in data.glob("*") if path.is_dir()):
        files = {path.name: path.read_bytes() for path in sorted(folder.glob("*.json"))}
        expected = json.loads(files.pop("expected.json", b'{"cases":{}}'))["cases"]
        rows.append(reads(kind, folder.name, files))
        rows += judge(folder.name, files, expected)
    return [*rows, *signatures(kind, data.parent / "signatures" / "meta")]
