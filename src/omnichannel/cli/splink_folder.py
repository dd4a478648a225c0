"""A folder for Splink: records, keys, settings, and the script that scores them."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from importlib import resources
from pathlib import Path
from types import TracebackType
from typing import Self

from omnichannel.desk.reports import tame
from omnichannel.errors import UsageError
from omnichannel.identity.likeness.model import Model
from omnichannel.identity.splink import Sheet, settings, training
from omnichannel.identity.splink.sheet import ID, OWNER, Values

SCRIPT = "score.py"


class Folder:
    """The files of one export, written customer by customer. The folder is new, and its owner's alone to read."""

    def __init__(self, path: str, sheet: Sheet) -> None:
        self.path, self.sheet = Path(path), sheet
        self.rows = self.customers = 0
        self._filled: set[str] = set()
        self._files = ExitStack()

    def __enter__(self) -> Self:
        try:
            self.path.mkdir(mode=0o700)
        except FileExistsError:
            raise UsageError(f"{self.path} is there already: name a new folder") from None
        except FileNotFoundError:
            raise UsageError(f"{self.path}: the folder around it is not there; make it first") from None
        self._records = self._table("records.csv", self.sheet.columns)
        self._keys = self._table("keys.csv", (ID, "key"))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._files.close()

    def _table(self, name: str, headings: Iterable[str]) -> Callable[[Iterable[Sequence[str]]], None]:
        file = self._files.enter_context((self.path / name).open("w", encoding="utf-8", newline=""))
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(headings)
        return writer.writerows

    def add(self, who: str, values: Values) -> None:
        """Write the rows of one customer, or record; none of whom nothing is said."""
        keys = self.sheet.keys(values)
        before = self.rows
        for row in self.sheet.rows(who, values):
            self.rows += 1
            self._records([[*row[:2], *map(tame, row[2:])]])  # ids are read back by whoever gave them
            self._keys((row[0], tame(key)) for key in keys)
            self._filled.update(name for name, cell in zip(self.sheet.columns, row, strict=True) if cell)
        self.customers += self.rows > before

    def finish(self, model: Model) -> str:
        """Write the settings that fit what was written, and the script; what was written, in words."""
        filled = self._filled - {ID, OWNER}
        made = settings(self.sheet, model, filled)
        rules = training(self.sheet, filled)
        (self.path / "settings.json").write_text(json.dumps(made, indent=1), encoding="utf-8")
        (self.path / "training.json").write_text(json.dumps(rules, indent=1), encoding="utf-8")
        script = resources.files("omnichannel.cli").joinpath("splink_score.py").read_text(encoding="utf-8")
        (self.path / SCRIPT).write_text(script, encoding="utf-8")
        compared = len(made["comparisons"])
        return f"{self.customers} of whom something is known, in {self.rows} rows; {compared} comparisons"
