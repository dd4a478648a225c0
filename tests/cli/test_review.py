"""`identity review`, `identity audit` and `identity explain`: deciding in the terminal, and seeing why."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from omnichannel import Address, Inbox
from omnichannel.cli.waterfalls import lines, shortened
from omnichannel.model import Customer, Evidence, Strength, Suggestion, Weight
from tests.chat import Chat, FarEnd, delivery
from tests.cli.conftest import Command

ANNA = {"name": "Anna Vermeulen", "street": "Kerkstraat 12", "born": "1984-05-17"}
JAN = {"name": "Jan de Boer", "street": "Dorpsweg 3", "born": "1971-02-03"}
MAIL, PHONE = Address.of("email::anna@b.example"), Address.of("phone::+31612345678")
JANS_MAIL, JANS_PHONE = Address.of("email::jan@b.example"), Address.of("phone::+31612345699")


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A store with two pairs of customers who are alike; Anna and Jan wrote, Jan more."""
    made = f"sqlite:///{tmp_path}/a.db"

    async def fill() -> None:
        async with Inbox(made, [Chat("chat", FarEnd())]) as inbox:
            for address, facts in ((MAIL, ANNA), (PHONE, ANNA), (JANS_MAIL, JAN), (JANS_PHONE, JAN)):
                await inbox.identity.observe(address, facts=facts)
            for who, address, times in (("a", MAIL, 1), ("j", JANS_MAIL, 5)):
                said = Evidence(address=address, strength=Strength.VERIFIED, method="login")
                for number in range(times):
                    item = {"id": f"{who}{number}", "from": who, "text": f"hello\u001b[31m {who} {number}"}
                    await inbox.receive("chat", delivery(item))
                await inbox.work()
                await inbox.identity.observe(Address.of(f"chat::{who}"), [said])
            await inbox.work()

    asyncio.run(fill())
    return made


def suggested(url: str) -> list[Suggestion]:
    with Inbox(url).sync() as box:
        return box.identity.suggestions()


def customer(url: str, address: Address) -> set[str]:
    with Inbox(url).sync() as box:
        found = box.customers.find(address)
        assert isinstance(found, Customer)
        return {str(reached.address) for reached in found.addresses}


def answers(tmp_path: Path, *words: str) -> str:
    path = tmp_path / "answers.txt"
    path.write_text("# my answers\n\n" + "\n".join(words) + "\n", encoding="utf-8")
    return str(path)


# -------------------------------------------------------------------------------------------------- review


def test_the_busier_pair_comes_first_with_reasons_weights_and_last_words(command: Command, url: str) -> None:
    """What each said last is short, on one line, and commands no terminal."""
    ran = command("identity", "review", "--store", url, "--actor", "zoe", stdin=b"q\n")
    assert ran.status == 0
    assert ran.out.index("jan@b.example") > 0
    assert "anna@b.example" not in ran.out
    assert "“hello·[31m j 4”" in ran.out
    assert "(5 messages)" in ran.out
    assert re.search(r"\+\d+\.\d +█+ +family: the same family name", ran.out)
    assert "decided: nothing; skipped: 0" in ran.out


def test_what_is_decided_is_kept_under_the_name_of_who_decided(command: Command, url: str) -> None:
    ran = command("identity", "review", "--store", url, "--actor", "zoe", stdin=b"same\nd\n")
    assert "decided: 1 same, 1 different; skipped: 0" in ran.out
    assert customer(url, JANS_PHONE) == {"email::jan@b.example", "phone::+31612345699", "chat::j"}
    assert customer(url, PHONE) == {"phone::+31612345678"}
    assert suggested(url) == []
    with Inbox(url).sync() as box:
        found = box.customers.find(PHONE)
        assert found is not None
        assert [(c.method, c.source) for c in box.identity.claims(found.id)][-1] == ("refuse", "zoe")


def test_a_decision_can_be_taken_back_at_once_even_the_last(command: Command, url: str) -> None:
    """It is then asked again."""
    ran = command("identity", "review", "--store", url, "--actor", "zoe", stdin=b"s\nd\nundo\nu\nu\nq\n")
    assert ran.out.count("taken back: different") == 1
    assert ran.out.count("taken back: same") == 1
    assert "there is nothing to take back" in ran.out
    assert "decided: nothing" in ran.out
    assert len(suggested(url)) == 2


def test_a_shared_address_is_said_to_be_shared_and_joins_nobody(command: Command, url: str) -> None:
    ran = command("identity", "review", "--store", url, "--actor", "zoe", stdin=b"h\n1\nq\n")
    assert "decided: 1 shared" in ran.out
    assert len(suggested(url)) == 1


def test_what_is_skipped_comes_again_the_next_time(command: Command, url: str) -> None:
    """A sitting goes on where the last one stopped: what was decided is not asked again."""
    first = command("identity", "review", "--store", url, "--actor", "zoe", stdin=b"k\nk\n")
    assert "nothing is left to decide, but what was skipped" in first.out
    assert "skipped: 2" in first.out
    second = command("identity", "review", "--store", url, "--actor", "zoe", stdin=b"d\nq\n")
    assert "jan@b.example" in second.out
    third = command("identity", "review", "--store", url, "--actor", "zoe", stdin=b"q\n")
    assert "jan@b.example" not in third.out
    assert "anna@b.example" in third.out


def test_answers_come_out_of_a_file_for_scripts(command: Command, url: str, tmp_path: Path) -> None:
    """A file must be right; whatever was decided before the wrong line is kept."""
    path = answers(tmp_path, "Same", "perhaps")
    ran = command("identity", "review", "--store", url, "--actor", "zoe", "--answers", path)
    assert ran.status == 2
    assert "'perhaps' is no answer here; there are same, different, shared, skip, undo, quit" in ran.err
    assert len(suggested(url)) == 1
    path = answers(tmp_path, "different # two sisters")
    ran = command("identity", "review", "--store", url, "--actor", "zoe", "--answers", path)
    assert (ran.status, suggested(url)) == (0, [])


def test_whoever_mistypes_is_asked_again(command: Command, url: str) -> None:
    ran = command("identity", "review", "--store", url, "--actor", "zoe", stdin=b"what?\nsame\nq\n")
    assert "'what?' is no answer here" in ran.err
    assert "decided: 1 same" in ran.out


def test_what_may_not_be_decided_is_told_and_the_next_one_comes(command: Command, url: str) -> None:
    """A sender whom nothing proves is accepted by nobody in passing."""

    async def forged() -> None:
        async with Inbox(url, [Chat("chat", FarEnd())]) as inbox:
            for address in (Address(kind="email", scope="unproven", value="jan@b.example"),):
                said = Evidence(address=JANS_MAIL, strength=Strength.ASSERTED, method="from")
                await inbox.identity.observe(address, [said], strength=Strength.ASSERTED)

    asyncio.run(forged())
    ran = command("identity", "review", "--store", url, "--actor", "zoe", stdin=b"s\ns\ns\n")
    assert "not done: nothing proves who writes from there" in ran.out
    assert "decided: 2 same; skipped: 1" in ran.out


def heed_ctrl_c() -> None:
    """A shell starts what runs in the background deaf to SIGINT, and so would be whatever the tests start."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGINT to send")
def test_ctrl_c_stops_and_loses_nothing(url: str) -> None:
    """What was decided before it is kept; the command ends well, and says what was done."""
    argv = [sys.executable, "-m", "omnichannel.cli", "identity", "review", "--store", url, "--actor", "zoe"]
    src = str(Path(__file__).parents[2] / "src")
    with subprocess.Popen(
        argv,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": src, "PYTHONUNBUFFERED": "1"},
        preexec_fn=heed_ctrl_c,
    ) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        running.stdin.write("d\n")
        running.stdin.flush()
        told = ""
        while "anna@b.example" not in told:
            letter = running.stdout.read(1)
            assert letter, told
            told += letter
        running.send_signal(signal.SIGINT)
        told += running.stdout.read()
    assert running.returncode == 0
    assert "stopped" in told
    assert "decided: 1 different" in told
    assert len(suggested(url)) == 1


# --------------------------------------------------------------------------------------------------- audit


def test_an_audit_is_judged_and_tells_the_bound(command: Command, url: str) -> None:
    """Without --actor it only tells; a sample goes on where it stopped; undo takes a judgement back."""
    nothing = command("identity", "audit", "--store", url, "--purpose", "disclose")
    assert "no sample of disclose was drawn yet" in nothing.out
    judged = ("identity", "audit", "--store", url, "--purpose", "disclose", "--actor", "zoe")
    first = command(*judged, stdin=b"d\nu\ns\nq\n")
    assert "logged in at our own site (verified)" in first.out
    assert "disclose: 0 of 1 judged joins are wrong, 1 wait, and these are all that there were" in first.out
    assert "at most 95.000% of all joins are wrong (two-sided: 0.000% to 97.500%" in first.out
    second = command(*judged, stdin=b"k\n")
    assert "0 of 1 judged joins are wrong, 1 wait" in second.out
    third = command(*judged, stdin=b"different\n")
    assert "1 of 2 judged joins are wrong, 0 wait" in third.out
    told = command("identity", "audit", "--store", url, "--purpose", "disclose")
    assert third.out.endswith(told.out)
    assert len(customer(url, MAIL)) + len(customer(url, JANS_MAIL)) == 3


def test_an_audit_of_likeness_shows_the_weights_and_what_was_stated(command: Command, url: str) -> None:
    ran = command(
        "identity", "audit", "--store", url, "--purpose", "analytics", "--actor", "zoe", stdin=b"q\n"
    )
    assert "by likeness alone: probability 1.00" in ran.out
    assert "nothing follows from that yet" in ran.out
    assert "█ " in ran.out


# ------------------------------------------------------------------------------------------------- explain


def test_addresses_of_a_store_are_explained_for_a_purpose(command: Command, url: str, tmp_path: Path) -> None:
    """Why they are, or are not, one customer's; and how alike they are, whatever is proven."""
    pair = (str(MAIL), str(PHONE), "--store", url)
    proven = command("identity", "explain", *pair)
    assert proven.out.startswith("nothing proves that")
    picture = tmp_path / "why.svg"
    assisting = command("identity", "explain", *pair, "--purpose", "assist", "--svg", str(picture))
    assert "(inferred)" in assisting.out
    assert "family: the same family name" in assisting.out
    assert "by likeness alone" in assisting.out
    drawn = ET.fromstring(picture.read_text(encoding="utf-8"))
    assert drawn.get("role") == "img"
    assert "the same family name" in "".join(drawn.itertext())
    one = command("identity", "explain", "chat::a", str(MAIL), "--store", url)
    assert "logged in at our own site (verified)" in one.out


@pytest.mark.parametrize(
    ("argv", "why"),
    [
        (("nonsense", "email::x@b.example"), "write it as email::anna@shop.example"),
        (("email::x@b.example", "email::y@b.example"), "never wrote to this workspace"),
        (("email::anna@b.example", "chat::a", "--svg", "nowhere/x.svg"), "nothing is known of both"),
        (
            ("email::anna@b.example", "phone::+31612345678", "--svg", "/no/such/x.svg"),
            "the folder is not there",
        ),
    ],
)
def test_what_cannot_be_explained_is_told_with_the_cure(
    command: Command, url: str, argv: Sequence[str], why: str
) -> None:
    ran = command("identity", "explain", *argv, "--store", url)
    assert ran.status in (1, 2)
    assert why in ran.err


def test_records_of_a_file_are_explained_by_their_ids(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "records.csv"
    rows = [
        "record_id,name,born,note",
        "a,Anna Vermeulen,1984-05-17,x",
        "b,Ana Vermeulen,1984-05-17,y",
        "c,Jan,,z",
    ]
    path.write_text("\n".join(rows), encoding="utf-8")
    ran = command("identity", "explain", "a", "b", "--records", str(path), "--drop", "note")
    assert ran.status == 0
    assert "born: same" in ran.out
    assert re.search(r"one customer with probability 0\.\d{4} by likeness alone", ran.out)
    missing = command("identity", "explain", "a", "z", "--records", str(path))
    assert (missing.status, "no record has the record_id 'z'" in missing.err) == (2, True)


def test_a_store_that_is_not_there_is_not_made(command: Command, tmp_path: Path) -> None:
    for verb in (("review", "--actor", "zoe"), ("audit",), ("explain", "chat::a", "chat::b")):
        ran = command("identity", *verb, "--store", f"sqlite:///{tmp_path}/slip.db")
        assert (ran.status, "slip.db is not there" in ran.err) == (2, True)
    assert list(tmp_path.glob("slip*")) == []


def test_the_store_may_stand_in_a_configuration(command: Command, url: str, tmp_path: Path) -> None:
    path = tmp_path / "omnichannel.toml"
    path.write_text(f'store = "{url}"\n')
    ran = command("identity", "review", "--config", str(path), "--actor", "zoe", stdin=b"q\n")
    assert "jan@b.example" in ran.out
    other = command("identity", "review", "--config", str(path), "--workspace", "b", "--actor", "zoe")
    assert "nothing is left to decide" in other.out


# ---------------------------------------------------------------------------------------------- text alone


def test_bars_begin_where_the_last_one_ended_and_the_last_line_is_the_sum() -> None:
    """Full for it, light against it; even the smallest can be seen."""
    weights = [
        Weight(field="before", says="any two", bits=-8),
        Weight(field="born", says="same", bits=16),
        Weight(field="sex", says="differs", bits=-4),
    ]
    before, born, sex, all_ = lines(weights)
    assert before.index("░") == born.index("█")
    assert born.count("█") == 2 * before.count("░") == 4 * sex.count("░")
    assert all_.startswith("    +4.0")
    assert lines([]) == []


def test_long_texts_are_cut_on_one_line() -> None:
    assert shortened("a\n b\t c") == "a b c"
    assert shortened("x" * 80) == "x" * 59 + "…"
