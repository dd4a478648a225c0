"""The page about Messenger says what is true: every block of it runs, in order, offline."""

from __future__ import annotations

from pathlib import Path

from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

PAGE = Path(__file__).parents[3] / "docs/howto/messenger.md"


def test_every_block_of_the_page_runs() -> None:
    blocks = list(Sybil([PythonCodeBlockParser()]).parse(PAGE))
    assert len(blocks) == PAGE.read_text("utf-8").count("```python") > 5
    for block in blocks:
        block.evaluate()
