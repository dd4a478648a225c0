"""The demo is the main job, end to end: what it shows is true, and the same seed shows the same."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from omnichannel.plugins import own_kinds


def demo(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "omnichannel.cli", "demo", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """One run, with a database of its own."""
    ran = demo("--seed", "5", "--json", "--db", str(tmp_path_factory.mktemp("demo") / "story.db"))
    assert ran.returncode == 0, ran.stderr
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def test_the_asker_is_one_customer_on_x_and_mail(story: dict[str, Any]) -> None:
    """A question from X goes on by e-mail in the same conversation, verified, with its reason."""
    asker = story["customers"][0]
    assert [address.partition(":")[0] for address in asker["addresses"]] == ["x", "email"]
    assert "one-time token" in asker["why_one"][0]
    assert {line["conversation"] for line in asker["timeline"]} == {"C1"}
    assert [line["where"] for line in asker["timeline"]][:4] == ["x", "x", "x", "email"]
    assert asker["conversations"][0]["assignee"] == "Mia"


def test_public_and_private_are_told_apart(story: dict[str, Any]) -> None:
    """The mention and its answer are public; the link was sent in private."""
    public = [line["public"] for line in story["customers"][0]["timeline"][:4]]
    assert public == [True, True, False, False]


def test_answers_left_by_the_right_channel_and_arrived(story: dict[str, Any]) -> None:
    """What the platforms show is what the inbox says was sent."""
    lines = [line for person in story["customers"] for line in person["timeline"] if line["delivery"]]
    assert all(state in ("sent", "delivered", "read") for line in lines for state in line["delivery"])
    far = story["far_end"]
    assert len(far["x_posts"]) == len(far["x_messages"]) == 1
    assert len(far["mails"]) == 2
    assert {line["where"] for line in lines} == set(own_kinds())
    assert any("read" in line["delivery"] for line in lines if line["where"] == "messenger")


def test_a_stranger_on_the_site_is_one_customer_in_whatsapp(story: dict[str, Any]) -> None:
    """A visitor whom nobody knows goes on elsewhere by a link: one conversation, with its reason."""
    (visitor,) = [
        person
        for person in story["customers"]
        if any(at.startswith("webchat:") for at in person["addresses"])
    ]
    assert [line["where"] for line in visitor["timeline"]] == ["webchat", "webchat", "whatsapp", "whatsapp"]
    assert len({line["conversation"] for line in visitor["timeline"]}) == 1
    assert any("one-time token" in reason for reason in visitor["why_one"])


def test_who_only_claims_is_only_suggested(story: dict[str, Any]) -> None:
    """Neither the impostor nor the forged mail is the customer; both are suggestions with their reasons."""
    asker = story["customers"][0]
    mail = asker["addresses"][1].partition(" ")[0]
    about = [hint for hint in story["suggestions"] if mail in (hint["one"], hint["other"])]
    assert len(about) == 2
    assert all(hint["because"] for hint in about)
    others = [line["text"] for person in story["customers"][1:] for line in person["timeline"]]
    assert any("I moved" in text for text in others)
    assert any("Dock 5" in text for text in others)
    assert not any("Dock 5" in line["text"] or "I moved" in line["text"] for line in asker["timeline"])


def test_the_quote_is_split_off_and_the_file_is_there(story: dict[str, Any]) -> None:
    """The Dutch quote is no longer in the text, and is kept."""
    [thanks] = [line for line in story["customers"][0]["timeline"] if "soon enough" in line["text"]]
    assert "schreef" not in thanks["text"]
    assert "schreef" in thanks["quoted"]
    assert any(line["attachments"] == ["confirmation.pdf"] for line in story["customers"][0]["timeline"])


def test_the_same_seed_gives_the_same_story(story: dict[str, Any], tmp_path: Path) -> None:
    """Up to the place of the database, every word, time, label and reason is the same."""
    again = json.loads(demo("--seed", "5", "--json", "--db", str(tmp_path / "again.db")).stdout)
    assert again | {"database": ""} == story | {"database": ""}


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """A database that exists is somebody's: it is refused, and the cure is named."""
    there = tmp_path / "mine.db"
    there.write_bytes(b"precious")
    ran = demo("--db", str(there))
    assert ran.returncode == 2
    assert "Name a new file" in ran.stderr
    assert there.read_bytes() == b"precious"


def test_it_ends_with_the_path_of_the_database(tmp_path: Path) -> None:
    """For people: progress, timelines, and where everything is kept."""
    ran = demo("--db", str(tmp_path / "story.db"))
    assert ran.returncode == 0
    assert ran.stdout.rstrip().endswith(str(tmp_path / "story.db"))
    assert "one customer, because" in ran.stdout
