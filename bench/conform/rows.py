"""What the reports share: sources and their files, what is read of them, how it is judged, how a person sees it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from bench.conform import Row, table
from omnichannel.channel import Channel, Delivery
from omnichannel.errors import ConfigError, Forged, Malformed, OmnichannelError
from omnichannel.model import Event

DATA = Path(__file__).parents[2].parent / "shared" / "data"

NONE = object()
"""Our model has no counterpart of what is asked: not judged."""

Told = tuple[str, ...]
"""What an event is, in a few words: what stands in a file and what we read are both said in them, and compared."""


class Source(NamedTuple):
    """Where recorded inputs come from: its files by name, and what its own tests expect of each."""

    name: str
    files: dict[str, bytes]
    expected: dict[str, dict]


Judge = Callable[[str, bytes, dict], Iterator[tuple[str, object]]]
"""From a file's name, its bytes and what is expected of it to every assert: its case, and what differs (or NONE)."""


def sources(folders: Iterable[Path], suffixes: Sequence[str] = (".json",)) -> Iterator[Source]:
    """The source in each folder that has files; `expected.json` beside them says what it expects."""
    for folder in sorted(path for path in folders if path.is_dir()):
        files = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix in suffixes}
        cases = json.loads(files.pop("expected.json", b'{"cases":{}}'))["cases"]
        if files:
            yield Source(folder.name, files, {name: case["expected"] for name, case in cases.items()})


def is_json(body: bytes) -> bool:
    """Whether a body is JSON."""
    try:
        json.loads(body)
    except ValueError:
        return False
    return True


def read(kind: type[Channel], body: bytes) -> list[Event]:
    """The events of a file."""
    return list(kind.bare().parse(Delivery(source="file", body=body)))


def row(source: str, what: str, results: Sequence[tuple[str, str]]) -> Row:
    """Figures of pairs of a case and what is wrong with it."""
    differing = tuple(f"{name}: {problem}" for name, problem in results if problem)
    return Row(source, what, len(results) - len(differing), len(results), differing)


def report(
    kind: type[Channel],
    found: Iterable[Source],
    judge: Callable[[Source], Iterable[Row]],
    readable: Callable[[bytes], bool] = is_json,
) -> list[Row]:
    """The rows of every source: whether it is read, and what else is judged of it; empty if there is none."""
    return [one for source in found for one in (reads(kind, source, readable), *judge(source))]


def reads(kind: type[Channel], source: Source, readable: Callable[[bytes], bool] = is_json) -> Row:
    """Whether no file raises, and none of its items is unreadable; what is not `readable` may be refused."""
    return row(
        source.name, "reads", [(name, _trouble(kind, body, readable)) for name, body in source.files.items()]
    )


def _trouble(kind: type[Channel], body: bytes, readable: Callable[[bytes], bool]) -> str:
    try:
        return "; ".join(event.reason for event in read(kind, body) if event.event == "malformed")
    except Exception as error:
        return "" if isinstance(error, OmnichannelError) and not readable(body) else repr(error)


def events(
    kind: type[Channel],
    source: Source,
    wanted: Callable[[object], Iterable[Told]],
    told: Callable[[Event], Told],
    made_up: Callable[[Told], bool],
) -> Row:
    """Whether what stands in each file gives its event; `made_up` says which of ours may not come of nothing."""

    def difference(body: bytes) -> str:
        try:
            stands, found = list(wanted(json.loads(body))), [told(event) for event in read(kind, body)]
        except Exception as error:
            return repr(error)
        missing = [one for one in stands if one not in found]
        strangers = [one for one in found if made_up(one) and one not in stands]
        return f"missing {missing}, not in the file {strangers}" if missing or strangers else ""

    readable = {name: body for name, body in source.files.items() if is_json(body)}
    return row(source.name, "events", [(name, difference(body)) for name, body in readable.items()])


def listed(expected: dict) -> list[dict]:
    """Every assert on a file, whether its source has one test for it or several."""
    inside = (one for case in expected.get("cases", ()) for one in case.get("asserts", ()))
    return [*expected.get("asserts", ()), *inside]


def asserts(source: Source, judge: Judge) -> Iterator[Row]:
    """What the source's own tests say, as far as their accessors have a counterpart in our model."""
    results = [(case, str(problem)) for case, problem in _judged(source, judge) if problem is not NONE]
    if results:
        yield row(source.name, "asserts", results)


def without_counterpart(found: Iterable[Source], judge: Judge) -> Mapping[str, int]:
    """The accessors that were not judged, each with how often it is used."""
    return Counter(
        f"{source.name}: {case.partition(' ')[2]}"
        for source in found
        for case, problem in _judged(source, judge)
        if problem is NONE
    )


def _judged(source: Source, judge: Judge) -> Iterator[tuple[str, object]]:
    for name, expected in source.expected.items():
        if name in source.files:
            yield from judge(name, source.files[name], expected)


def agrees(op: str, expected: Any, found: Any) -> bool:
    """Whether what was found is what the test frameworks for Java and JavaScript would accept."""
    if op in ("is_true", "isTrue"):
        return found is True
    if op in ("is_false", "isFalse"):
        return found is False
    if op in ("is_null", "isNull", "toBeNull", "toBeUndefined"):
        return found is None
    if op == "not.toBeNull":
        return found is not None
    if op in ("toHaveLength", "size"):
        return len(found) == expected
    if op == "endsWith":
        return str(found).endswith(expected)
    if op == "toContain":
        return expected in found
    return _same(expected, found)


def _same(expected: Any, found: Any) -> bool:
    """Equal, in what we keep of it: ours may have fewer keys, and ids are always text."""
    if isinstance(expected, dict) and isinstance(found, dict):
        return all(key in expected and _same(expected[key], value) for key, value in found.items())
    if isinstance(expected, list) and isinstance(found, list):
        return len(expected) == len(found) and all(map(_same, expected, found))
    if isinstance(expected, bool) or expected is None or isinstance(found, bool):
        return expected is found
    return str(expected) == str(found)


def problem(
    op: str, expected: object, found: object, agrees: Callable[[str, Any, Any], bool] = agrees
) -> object:
    """What differs between an assert and what we say; NONE where we say nothing of the kind."""
    if found is NONE:
        return NONE
    return "" if agrees(op, expected, found) else f"{op} {expected!r}, found {found!r}"


def vectors(folder: Path) -> Iterator[tuple[str, dict]]:
    """Every recorded delivery with its signature, and what it is called."""
    for path in sorted(folder.glob("*.json")):
        content = json.loads(path.read_text("utf-8"))
        for number, vector in enumerate(content if isinstance(content, list) else ()):
            if isinstance(vector, dict):
                yield f"{path.name} {number}", vector


def signatures(folder: Path, takes: Callable[[dict], bool]) -> Iterator[Row]:
    """Recorded deliveries with a platform's own signature: taken when they are valid, and only then."""
    results = [
        (case, "" if takes(vector) == vector["valid"] else vector.get("name", "judged otherwise"))
        for case, vector in vectors(folder)
    ]
    if results:
        yield row(f"signatures/{folder.name}", "admits", results)


def admits(kind: type[Channel], secret: str, delivery: Delivery) -> bool:
    """Whether who knows only the secret takes the delivery; with a secret that is none, nothing is taken."""
    try:
        return kind.for_verifying((secret,)).admit(delivery).keep
    except (Forged, ConfigError):
        return False
    except Malformed:
        return True  # signatures are over bytes, and come first: it was proven, and then not read


def show(rows: Sequence[Row], data: Path, unjudged: Mapping[str, int] | None = None) -> int:
    """Print the figures, what differs, and what has no counterpart; the exit status is 1 if anything differs."""
    print(table(rows) or f"no data under {data}")
    for one in rows:
        for case in one.differing:
            print(f"  {one.source} {one.what}: {case}")
    if unjudged is not None:
        print(f"\n{sum(unjudged.values())} asserts have no counterpart in our model:")
        print("\n".join(f"  {times:>3} {accessor}" for accessor, times in sorted(unjudged.items())))
    return 1 if any(one.differing for one in rows) else 0
