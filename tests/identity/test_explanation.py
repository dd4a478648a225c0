"""The page that explains identity says what is true: every block of it runs, in order."""

from __future__ import annotations

from pathlib import Path

from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

PAGE = Path(__file__).parents[2] / "docs/explanation/identity.md"


def test_every_block_of_the_page_runs() -> None:
    blocks = list(Sybil([PythonCodeBlockParser()]).parse(PAGE))
    assert len(blocks) == PAGE.read_text().count("```python") > 5
    for block in blocks:
        block.evaluate()
