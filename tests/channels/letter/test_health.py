"""What `doctor` says about an account of letters."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from omnichannel.channels.letter import Letter
from omnichannel.channels.letter.link import health
from omnichannel.channels.letter.link.worker import installed_languages
from omnichannel.emulators.letter import Fault, Post
from tests.channels.letter.given import account, at_pingen


@pytest.fixture
def post() -> Iterator[Post]:
    with Post() as found:
        yield found


async def found(letter: Letter) -> dict[str, bool]:
    return {each.what: each.ok for each in await letter.check()}


def said(findings: dict[str, bool], words: str) -> bool:
    """Whether what has these words is well."""
    return next(ok for what, ok in findings.items() if words in what)


async def test_a_healthy_account_says_so(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "installed_languages", lambda: frozenset({"nld", "eng"}))
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    findings = await found(Letter("post", **post.settings))  # type: ignore[arg-type]
    assert all(findings.values())
    assert said(findings, "can be read and written")
    assert said(findings, "nld+eng")
    assert said(findings, "'De Ketting', 199.5 EUR left")
    assert list(post.inbox.iterdir()) == []


async def test_a_folder_that_is_gone_is_found(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    letter = account(inbox=str(tmp_path / "in"), outbox=str(tmp_path / "out"), ocr="")
    (tmp_path / "in").rmdir()
    findings = await found(letter)
    assert not said(findings, "inbox")
    assert said(findings, "outbox")
    assert said(findings, "switched off")


async def test_missing_ocr_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    letter = account(inbox=str(tmp_path), ocr="nld+tlh")
    monkeypatch.setattr("shutil.which", lambda _: "/usr/bin/x")
    monkeypatch.setattr(health, "installed_languages", lambda: frozenset({"nld"}))
    assert not said(await found(letter), "tesseract has no tlh")
    monkeypatch.setattr("shutil.which", lambda _: None)
    assert not said(await found(letter), "ocrmypdf is not installed")
    assert installed_languages() == frozenset()


async def test_pingen_that_does_not_let_us_in_is_found(post: Post) -> None:
    wrong = Letter("post", **{**post.settings, "pingen_secret": "another-secret", "inbox": ""})  # type: ignore[arg-type]
    assert not said(await found(wrong), "HTTP 401")
    post.faults.append(Fault(f"/organisations/{post.organisation}", 503))
    right = Letter("post", **{**post.settings, "inbox": ""})  # type: ignore[arg-type]
    assert not said(await found(right), "HTTP 503")
    gone = at_pingen(pingen_host="http://127.0.0.1:9", pingen_identity="http://127.0.0.1:9")
    assert not said(await found(gone), "cannot be reached")


async def test_an_account_that_does_nothing_is_found() -> None:
    assert not said(await found(Letter.bare()), "no way in and no way out")


async def test_a_mailbox_that_is_not_there_is_found() -> None:
    letter = account(imap="imap://a:b@127.0.0.1:9/Scans", scanners=["s@shop.example"], ocr="")
    assert not said(await found(letter), "imap:")
