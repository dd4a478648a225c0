"""What is given by hand: files of records and calls, settings, scans, and the words after a command's name."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from tempfile import mkdtemp
from unittest.mock import patch
from zoneinfo import ZoneInfo

from bench.fuzz.mutate import mutated, mutated_text
from bench.fuzz.target import READ, REFUSED, Hole, Target, refusing
from omnichannel import cli, config
from omnichannel.channels.letter.reading import text_layer
from omnichannel.channels.voice.records import Layout, events
from omnichannel.errors import Malformed, UsageError
from omnichannel.plugins import channel_class, own_kinds

_CALLS = (
    (
        b"Datum;Van;Naar;Duur;Status;Id\n02-03-2026 09:30:00;0612345678;0201234567;65;ANSWERED;1.1\n"
        b"02-03-2026 09:31:00;anonymous;0201234567;0;NO ANSWER;1.2\n"
    ),
    (
        b'calldate,clid,src,dst,duration,billsec,disposition,uniqueid\n"2026-03-02 09:30:00","""Ann"" <0612345678>",'
        b"0612345678,0201234567,70,65,ANSWERED,1772443800.1\n"
    ),
    "\ufeffTijd\tBeller\tGebeld\n9:30\t+31612345678\t+31201234567\n".encode("utf-16"),
)
_RECORDS = (
    (b"record_id,name,email,phone,born,street,city\n"
        b"1,Jan de Vries,jan@mail.example,06-12345678,12-03-1980,Kerkstraat 1,Utrecht\n"
    b"2,J. de Vries,JAN@mail.example,+31612345678,1980-03-12,Kerkstr. 1,UTRECHT\n3,Ann,,,,,\n"),
    (b'{"id": "e1", "identifiers": [{"type": "email", "value": "a@b.example", "strength": "verified"}]}\n'
    b'{"id": "e2", "identifiers": [{"type": "email", "value": "a@b.example", "strength": "asserted"}]}\n'),
)  # fmt: skip
_ARGV = (
    b"normalize\nemail\ninput", b"normalize\nvoice\ninput.csv\n-\ninput", b"measure\nx\ninput\n--private",
    b"channels", b"verify\nmessenger\ninput\n--header\nX-Hub-Signature-256: sha256=00\n--secret\nabc", b"schema",
    b"--version",
    b"identity\nresolve\ninput.csv\n--out\nout.csv\n--purpose\nassist\n--drop\nphone", b"channel\n--help",
    b"identity\nexplain\ninput.csv\n1\n2", b"identity\nexport-splink\ninput.csv\n--out\nfolder",
    b"doctor\n--config\ninput", b"parked\n--store\nsqlite:///input", b"identity\naudit\n--help",
)  # fmt: skip
_NEVER = frozenset({"emulate", "demo", "channel", "history", "review"})
"""Commands that serve, write programs or ask: what comes after their names is left to their tests."""

_SETTINGS = """
store = "sqlite:///here.db"
workspace = "shop"

[channels.support]
kind = "email"
address = "support@shop.example"
imap = "imaps://imap.shop.example"
trusted = ["mx.shop.example"]

[channels.phone]
kind = "voice"
account_sid = "AC00000000000000000000000000000000"
auth_token = {env = "TOKEN"}
number = "+31201234567"
hours = "ma-vr 9:00-17:00"
"""


def targets() -> Iterator[Target]:
    """Every kind of file, and every command."""
    place = _Place()
    yield Target("files/calls", refusing(_calls, Malformed), _CALLS, mutated)
    yield Target("files/records", refusing(place.resolved, UsageError), _RECORDS, mutated_text, cost=10)
    yield Target("files/settings", place.settings, [_SETTINGS.encode(), *_settings()], mutated_text, cost=2)
    yield Target("files/argv", place.command, _ARGV, mutated_text, cost=4)
    yield Target("files/scan", refusing(text_layer, Malformed), _scans(), mutated, cost=10)


def _calls(data: bytes) -> object:
    layout = Layout(zone=ZoneInfo("Europe/Amsterdam"), region="NL", own=frozenset({"+31201234567"}))
    return [event.model_dump_json() for event in events(data, layout)]


def _settings() -> Iterator[bytes]:
    """A section for every kind, with a word for every setting."""
    import inspect

    for kind in own_kinds():
        names = list(inspect.signature(channel_class(kind).__init__).parameters)[2:]
        rows = "\n".join(f'{name} = "+31201234567"' for name in names if name != "kind")
        yield f'[channels.one]\nkind = "{kind}"\n{rows}\n'.encode()


def _scans() -> list[bytes]:
    """A letter that was written by a program, of one page and of several."""
    from reportlab.pdfgen.canvas import Canvas

    found = []
    for pages in (1, 3):
        made = io.BytesIO()
        canvas = Canvas(made, pageCompression=pages - 1, invariant=1)
        for _ in range(pages):
            for row, words in enumerate(
                ("Mevr. A. de Vries", "Voorstraat 12", "3512 AB Utrecht", "", "Geachte heer,")
            ):
                canvas.drawString(60, 750 - 14 * row, words)
            canvas.showPage()
        canvas.save()
        found.append(made.getvalue())
    return found


class _Place:
    """A folder of its own, where the input lies as a file."""

    def __init__(self) -> None:
        self._folder = Path(mkdtemp(prefix="fuzz-"))

    def _lay(self, data: bytes, name: str = "input") -> Path:
        path = self._folder / name
        path.write_bytes(data)
        return path

    def settings(self, data: bytes) -> str:
        """Each mistake is told with its cure, and none of the others is lost by it."""
        try:
            _, problems = config.examine(self._lay(data), {"TOKEN": "a-secret-from-around"})
        except UsageError as error:
            problems = (error,)  # type: ignore[assignment]  # is shown like the others
        if any("a-secret-from-around" in str(problem) for problem in problems):
            raise Hole("a secret is told")
        return REFUSED if problems else READ

    def resolved(self, data: bytes) -> object:
        """Records or events as customers."""
        self._lay(data, "input.csv")
        return self._run(["identity", "resolve", "input.csv", "--out", "out.csv"])

    def command(self, data: bytes) -> str:
        """A command with these words behind it: it may refuse them, in words, and never in a traceback."""
        words = data.decode("utf-8", "replace").replace("\x00", "").split("\n")
        if _NEVER & set(words) or any(word.startswith("/") or ".." in word for word in words):
            return REFUSED
        self._lay(_CALLS[0])
        self._lay(_RECORDS[0], "input.csv")
        return READ if self._run(words) == 0 else REFUSED

    def _run(self, words: list[str]) -> int:
        quiet = io.StringIO()
        around = {**os.environ, "OMNICHANNEL_TRACEBACK": "1"}
        with (
            chdir(self._folder),
            redirect_stdout(quiet),
            redirect_stderr(quiet),
            patch.dict(os.environ, around),
        ):
            return cli.main(words)
