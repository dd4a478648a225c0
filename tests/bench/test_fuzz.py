"""A short slice of `python -m bench fuzz`, and that it finds what it is there for."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from bench.fuzz import corpus, limits, trial
from bench.fuzz.__main__ import main
from bench.fuzz.mutate import mutated
from bench.fuzz.target import READ, REFUSED, Hole, Target
from bench.fuzz.targets import all_targets, chosen
from bench.fuzz.targets.channels import of, subjects
from bench.fuzz.targets.words import NOT_HERE
from bench.fuzz.totals import Totals
from bench.fuzz.trial import Tally, fuzz
from bench.fuzz.wire import delivery_of, response_of, written_delivery, written_response

from omnichannel.channel import Ack, Channel, Delivery, Response
from omnichannel.model import Event
from omnichannel.plugins import own_kinds
from omnichannel.testing.subject import Subject

SOME = 60
ROOMS = sorted({target.name.partition("/")[0] for target in all_targets()})


@pytest.mark.parametrize("room", ROOMS)
def test_t08_t09_t39_nothing_that_arrives_breaks_a_reader(room: str) -> None:
    """A slice of each target, the kept inputs first: read or refused, within a second and 64 MB."""
    for target in chosen([room]):
        found = fuzz(target, SOME // target.cost + len(corpus.kept(target.name)), seed=1)
        assert found.holes == {}, target.name
        assert found.runs == found.read + found.refused


ONCE_BROKE = (
    ("words/channels.email.transfer.from_quoted_printable", b" " * 64_000),
    ("words/channels.letter.postal.same_name", b"06-12345678 " + b"e " * 9_000),
    ("words/identity.likeness.compare.phones.prepare_phone", b"ocm" + b" " * 18_000),
    ("words/identity.splink.pairs.read_pairs", b"a\rb"),
    ("words/identity.resolving.events.read_table", b"record_id,ts\n1,a\rb"),
    ("words/identity.resolving.events.read_lines", b'{"a": ' + b"[" * 100_000),
    ("x/render", b"On Mon wrote:\n" + b">llo\n" * 9_000),
    ("letter/render", b"Uw " + b"iN" * 9_000),
    ("facebook/read", b"400 \n\n" + b'{"error": ' + (b"[" * 300 + b"]" * 300) * 300 + b"}"),
    (
        "files/calls",
        b"calldate,src,dst,uniqueid\n2026-03-02 09:30:00,0612345678,0201234567,1" + b"8" * 18_000,
    ),
    ("files/records", b"record_id,name\n1,a\rb\n"),
    ("files/records", b'{"record_id": ' + b"[" * 100_000),
    ("answers/imap", b"* OK ready\r\n\n~\n* CAPABILITY IMAP4r\xc0v1\r\n{tag} OK done\r\n"),
    ("files/settings", b"store = " + b"[" * 2_000),
    ("files/argv", b"parked\n--store\nsqlite:///input"),
)
"""Inputs that raised something of Python's own, or took far more than a second, until they were found."""


@pytest.mark.parametrize(("name", "data"), ONCE_BROKE, ids=[name for name, _ in ONCE_BROKE])
def test_what_once_broke_a_reader_is_read_or_refused(name: str, data: bytes) -> None:
    (found,) = (one for one in all_targets() if one.name == name)
    tally = Tally(name)
    trial.run(found, data, tally)
    found.close()
    assert tally.holes == {}


# ------------------------------------------------------------------------------------------------ all of them


def test_no_kind_is_forgotten() -> None:
    names = {target.name for target in all_targets()}
    for kind in own_kinds():
        (subject,) = subjects([kind])
        wanted = {"parse", "inbox", "read", "render"} | ({"admit"} if subject.has_webhook else set())
        assert {f"{kind}/{what}" for what in wanted} <= names


def test_who_reads_words_is_found_by_its_signature() -> None:
    names = {target.name for target in all_targets()}
    for reader in (
        "toolbox.wire.load_json", "toolbox.wire.load_form", "channels.email.mime.read", "channels.email.charset.to_text",
        "channels.email.addresses.mailboxes", "channels.email.authentication.parse_results", "html.cleaned",
        "identity.addresses.normalise", "channels.x.parse.parse", "channels.letter.dates.date_of",
        "identity.resolving.events.read_lines", "toolbox.tokens.find_tokens",
    ):  # fmt: skip
        assert f"words/{reader}" in names
    assert len([name for name in names if name.startswith("words/")]) > 150


def test_names_are_told_apart_and_exceptions_exist() -> None:
    names = [target.name for target in all_targets()]
    assert len(names) == len(set(names))
    for name in NOT_HERE:
        module, _, function = name.rpartition(".")
        assert hasattr(__import__(module, fromlist=[function]), function), name


def test_every_kept_input_has_a_target() -> None:
    names = {target.name.replace("/", ".") for target in all_targets()}
    assert {file.stem for file in corpus.HERE.glob("*.txt")} <= names


# ------------------------------------------------------------------------------------------------------ faults


def faulty(subject: Subject, **methods: object) -> Subject:
    """The same with another implementation of some methods."""

    def make(*secrets: str) -> Channel:
        channel = subject.make(*secrets)
        channel.__class__ = type("Faulty", (type(channel),), methods)
        return channel

    return dataclasses.replace(subject, make=make)


def careless(self: Channel, delivery: Delivery) -> Iterator[Event]:
    raise KeyError("message")


def trusting(self: Channel, delivery: Delivery) -> Ack:
    return Ack()


def clumsy(self: Channel, delivery: Delivery) -> Ack:
    raise TypeError("not for bytes")


@pytest.mark.parametrize(
    ("what", "methods", "hole"),
    [
        ("parse", {"parse": careless}, "KeyError at"),
        ("inbox", {"parse": careless}, "reading it broke: KeyError"),
        ("admit", {"admit": trusting}, "admit kept what nobody signed"),
        ("admit", {"admit": clumsy}, "TypeError at"),
        ("read", {"read": lambda self, call, response: int(response.body)}, "ValueError at"),
        ("render", {"render": lambda self, draft: [draft.text[90]]}, "at"),
    ],
)
def test_a_fault_is_found(what: str, methods: dict[str, object], hole: str) -> None:
    (subject,) = subjects(["telegram"])
    (target,) = (one for one in of(faulty(subject, **methods)) if one.name == f"telegram/{what}")
    found = fuzz(target, 20, seed=1)
    assert any(hole in name for name in found.holes)
    assert not found.ok


def target(go: object) -> Target:
    return Target("one", go, [b"seed"], mutated)  # type: ignore[arg-type]


def test_what_takes_too_long_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a limit that everything exceeds: no clock decides."""
    monkeypatch.setattr(trial, "MOST_SECONDS", -1.0)
    assert fuzz(target(lambda data: READ), 1, seed=1).holes == {"takes more than a second": b"seed"}


@pytest.mark.skipif(limits._door() is None, reason="this kernel does not say how much memory something took")
def test_what_takes_too_much_memory_is_found_though_it_is_given_back() -> None:
    found = fuzz(target(lambda data: READ if bytearray(b"x") * (80 * 2**20) else REFUSED), 3, seed=1)
    assert list(found.holes) == ["takes more than 64 MB"]
    assert fuzz(target(lambda data: READ), 3, seed=1).largest < 2**20


def test_a_hole_is_told_once_with_its_first_input() -> None:
    def leaky(data: bytes) -> str:
        raise Hole("lost something")

    (what,) = (found := fuzz(target(leaky), 9, seed=1)).holes
    assert what.endswith("lost something")
    assert found.holes[what] == b"seed"


# ------------------------------------------------------------------------------------------------------ inputs


def test_the_same_seed_makes_the_same_inputs() -> None:
    one, same, other = (inputs_of("sms/parse", seed) for seed in (1, 1, 2))
    assert one == same != other


def inputs_of(name: str, seed: int) -> list[bytes]:
    from random import Random

    (found,) = chosen([name])
    return list(trial.inputs(found, found.seeds, Random(seed), 60))


def test_an_input_is_a_delivery_and_the_delivery_that_input() -> None:
    sent = Delivery(
        method="GET", url="https://a.example/?b c", headers=(("a", "é: b"), ("a", "")), body=b"\n\n\x00"
    )
    assert delivery_of(written_delivery(sent)) == sent
    back = Response(status=429, failure="in_doubt", headers=(("retry-after", "7"),), body=b"{}")
    assert response_of(written_response(back)) == back
    assert delivery_of(b"").body == response_of(b"\xff").body == b""


def test_what_is_kept_is_read_again(tmp_path: Path) -> None:
    assert corpus.keep("a/b", [b"\x00\xff\n", b"", b"x" * 9000, b""], tmp_path) == 2
    assert corpus.kept("a/b", tmp_path) == [b"", b"\x00\xff\n"]
    assert corpus.keep("a/b", [], tmp_path) == 0
    assert corpus.kept("a/b", tmp_path) == []


def test_sums_go_on_where_they_stopped(tmp_path: Path) -> None:
    file = tmp_path / "sums.json"
    for number in (1, 2):
        totals = Totals.of(file)
        totals.rounds += 1
        totals.add(Tally("a", runs=10, read=9, slowest=0.1 * number, holes={"broke": b"\xff"}))
        totals.save()
    found = Totals.of(file)
    assert (found.rounds, found.sums["a"]["runs"], found.sums["a"]["slowest"]) == (2, 20, 0.2)
    assert found.holes == {"a: broke": "\xff"}
    assert found.lines()[-1].split()[:3] == ["1", "targets", "20"]


def test_the_command_prints_a_line_for_each_target(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--runs", "20", "--seed", "3", "words/toolbox.tokens.find_tokens", "http/read"]) == 0
    head, *lines = capsys.readouterr().out.splitlines()
    assert head.split()[:2] == ["target", "inputs"]
    assert [line.split()[:2] for line in lines] == [
        ["http/read", "20"],
        ["words/toolbox.tokens.find_tokens", "20"],
        ["2", "targets"],
    ]
    assert main(["nothing/of/the/sort"]) == 2
