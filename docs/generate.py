"""Writes what is known elsewhere: `python docs/generate.py`.

capabilities.md from what the channels declare, differences.md from `bench/conform/*_differences.toml`,
follow.schema.json from what other systems are told, the table of speed in the README from figures.md.
"""

# ruff: noqa: INP001 - a script, not a package
from __future__ import annotations

import json
import tomllib
from pathlib import Path

from omnichannel.model import Capabilities, Notice, TextLimit, Window
from omnichannel.plugins import channel_class, own_kinds

REFERENCE = Path(__file__).parent / "reference"
HOWTO = Path(__file__).parent / "howto"
README = Path(__file__).parents[1] / "README.md"
CONFORM = Path(__file__).parents[1] / "bench" / "conform"

_HEAD = """\
# What each channel carries

Made by `python docs/generate.py` from `Channel.can`; a test fails when it is not up to date. In Python it is
`Email.can`, a [`Capabilities`](../../src/omnichannel/model/capability.py) value, on the command line
`omnichannel channels --json`. What a channel does not carry is refused before sending (`Unsupported`, `TooLarge`,
`WindowClosed`), never dropped.

"""

_MEANS = {
    "text": "one piece of text",
    "private_text": "one piece of private text",
    "public": "public messages",
    "private": "private messages",
    "hears": "people can write in private, not only we to them",
    "parts_in": "parts that come in",
    "parts_out": "parts that go out",
    "public_parts_out": "those of them that go out in public, where not all do",
    "media": "files that go out",
    "max_bytes": "bytes in one message or file",
    "max_attachments": "files in one message",
    "max_options": "options in one choice",
    "window": "answer within",
    "threads": "every thread is a question of its own",
    "subject": "can have subjects",
    "letters": "says letters: anybody may be named as the sender, and other people stand in them",
    "echoes": "what we send comes back and settles doubts",
    "statuses": "tells what became of a message",
    "edits": "edits are seen",
    "deletes": "deletions are seen",
    "reactions": "reactions are seen",
    "typing": "typing is seen",
    "signals": "passing signs that we can give",
    "answers": "an answer can point at what it answers",
    "continues": "a link of ours can carry a conversation over",
    "history": "what was said before can be fetched",
    "reaches": "other kinds of address that can be written to first",
    "fetches": "files lie at the platform and are fetched",
    "signs_body": "webhooks are signed over the body",
    "profiles": "can be asked for names",
    "finds": "can be asked what became of a call in doubt",
    "settles": "how long a doubt may settle itself",
}


_TABLES = {
    "What is said": (
        "text", "private_text", "public", "private", "hears", "reaches", "parts_in", "parts_out", "public_parts_out",
        "max_options", "subject", "letters",
    ),
    "Files": ("media", "max_bytes", "max_attachments", "fetches"),
    "When, and what is known of it": (
        "window", "threads", "answers", "continues", "history", "echoes", "statuses", "edits", "deletes",
        "reactions", "typing", "signals", "signs_body", "profiles", "finds", "settles",
    ),
}  # fmt: skip


def page() -> str:
    """The whole page: one row for each channel, in three tables that a screen can hold, and what the columns mean."""
    cans = {kind: channel_class(kind).can for kind in own_kinds()}
    return _HEAD + "\n\n".join(_table(title, names, cans) for title, names in _TABLES.items()) + "\n"


def _table(title: str, names: tuple[str, ...], cans: dict[str, Capabilities]) -> str:
    rows = [
        f"| **{kind}** | " + " | ".join(_cell(can, name) for name in names) + " |"
        for kind, can in cans.items()
    ]
    head = [f"| | {' | '.join(f'`{name}`' for name in names)} |", "|---" * (len(names) + 1) + "|"]
    means = [f"- `{name}`: {_MEANS[name]}" for name in names]
    return "\n".join([f"## {title}", "", *head, *rows, "", *means])


def _cell(can: Capabilities, name: str) -> str:
    value: object = getattr(can, name)
    if name == "private_text" and value is None:
        return "the same"
    if name == "public_parts_out" and value is None:
        return "the same" if can.public else "none"
    if name == "window" and value is None:
        return "any time"
    return _written(value)


def _written(value: object) -> str:
    if isinstance(value, TextLimit):
        return f"{value.size:,} {value.measure}{', then several' if value.splits else ''}"
    if isinstance(value, Window):
        person = f"; {value.person_hours:g} h for a person" if value.person_hours else ""
        return f"{value.hours:g} h{person}"
    if isinstance(value, float):
        return f"{value:g} s" if value else "never"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}" if value else "none"
    if isinstance(value, frozenset | tuple):
        return ", ".join(f"`{one}`" for one in sorted(map(str, value))) or "none"
    raise TypeError(f"{type(value).__name__}: say here how it is written")


_DIFFERENCES = """\
# Where we differ from our peers

Made by `python docs/generate.py` from `bench/conform/*_differences.toml` and `peers.toml` there; a test fails when it
is not up to date. Each row is something that the tests of another library or application expect of a recorded input,
and that we read otherwise on purpose. `python -m bench conform` prints how often we agree ([figures](figures.md)).

| channel | whose, and which case | why |
|---|---|---|
"""


def differences() -> str:
    """The whole page: one row for each case, by channel."""
    rows = [row for file in sorted(CONFORM.glob("*.toml")) for row in _rows(file)]
    return _DIFFERENCES + "\n".join(sorted(rows)) + "\n"


def _rows(file: Path) -> list[str]:
    found = tomllib.loads(file.read_text("utf-8"))["difference"]
    kind = file.stem.removesuffix("_differences")
    return [
        f"| {one.get('kind', kind)} | {one.get('case') or one['file'] + ' (' + one['what'] + ')'} | {one['reason']} |"
        for one in found
    ]


def notices() -> str:
    """The JSON Schema of the body of a webhook out."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Notice.model_json_schema()}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


_SPEED = {
    "parse": "reading",
    "webhook": "from a signed POST to a handler",
    "durable": "storing durably",
    "groupcommit": "storing durably",
    "http": "over a real server",
    "pg": "storing on PostgreSQL",
    "mail": "mail",
    "scale": "a large store",
}
"""What each bench measures, as the README says it."""

_OPENS, _CLOSES = "<!-- speed: made of docs/reference/figures.md by docs/generate.py -->\n", "<!-- /speed -->"


def readme() -> str:
    """The README, with its table of speed as figures.md has it now."""
    text = README.read_text("utf-8")
    before, _, rest = text.partition(_OPENS)
    return f"{before}{_OPENS}{_speed()}{_CLOSES}{rest.partition(_CLOSES)[2]}"


def _speed() -> str:
    """Every goal of figures.md, "Goals of speed": of several bodies beside one other, the worst and the best."""
    kept: dict[tuple[str, str], list[tuple[float, str]]] = {}
    for line in (REFERENCE / "figures.md").read_text("utf-8").splitlines():
        bench, what, found, goal, *rest = [cell.strip(" `") for cell in line.split("|")[1:]] + [""] * 4
        if bench in _SPEED and len(rest) == 6:
            if bench in ("parse", "webhook"):  # the same of several bodies
                what = what.partition(", ")[2] if ", beside" in what else what.partition(": ")[2]
            kept.setdefault((bench, what), []).append((float(found), goal))
    rows = ["| | | ours | wanted |", "|---|---|---:|---:|"]
    for (bench, what), several in kept.items():
        worst, best = min(several)[0], max(several)[0]
        found = f"{worst:.2f}" if worst == best else f"{worst:.2f} to {best:.2f}"
        rows.append(f"| {_SPEED[bench]} | {what} | {found} | {several[0][1]} |")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    README.write_text(readme(), encoding="utf-8")
    (REFERENCE / "capabilities.md").write_text(page(), encoding="utf-8")
    (REFERENCE / "differences.md").write_text(differences(), encoding="utf-8")
    (HOWTO / "follow.schema.json").write_text(notices(), encoding="utf-8")
