"""`python -m bench forge [--runs N] [--seed S] [KIND …]`: requests that the platform did not sign.

Each is a recorded webhook that was signed well and then changed (a bit of the body, the address, the signature),
or signed by somebody else, or not at all. It is given to the door as a server serves it. None may be let in, and none
may be answered with anything but 401, or 400 where it cannot even be read; at the end nothing of them may be kept.
What is still signed well after the change (Telegram signs no body) is no forgery and not counted.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from bench.fuzz.mutate import mutated, mutated_text
from bench.fuzz.targets.channels import subjects
from bench.fuzz.targets.pages import answered
from bench.fuzz.totals import Totals
from bench.fuzz.trial import Tally
from bench.silence import silence
from omnichannel import Inbox
from omnichannel.channel import Channel, Delivery, Headers
from omnichannel.errors import Forged, Malformed
from omnichannel.testing.subject import Subject
from omnichannel.web import Asgi

RUNS = 2_000
REFUSED = (400, 401)


@dataclass
class Forgeries:
    """What became of the forged requests of one kind."""

    kind: str
    statuses: Counter[int] = field(default_factory=Counter)
    genuine: int = 0
    kept: int = 0
    let_in: list[Delivery] = field(default_factory=list)

    @property
    def runs(self) -> int:
        """How many there were."""
        return self.statuses.total()

    @property
    def ok(self) -> bool:
        """Whether all were refused, in the two words that there are for it."""
        return not self.let_in and not self.kept and set(self.statuses) <= set(REFUSED)


async def forge(subject: Subject, runs: int, seed: int) -> Forgeries:
    """So many forged requests to one kind of account, by its own door."""
    chance, channel = Random(f"forge {seed} {subject.kind.kind}"), subject.channel()
    found = Forgeries(subject.kind.kind)
    async with Inbox("sqlite:///:memory:", [channel]) as inbox:
        app = Asgi(inbox, public_url="")
        for forged in _forgeries(subject, chance):
            if found.runs + found.genuine >= runs:
                break
            if _is_genuine(subject, forged):
                found.genuine += 1
                continue
            status = await _status(channel, app, forged)
            found.statuses[status] += 1
            if status not in REFUSED:
                found.let_in.append(forged)
        rows = await inbox.run_job(
            lambda tx: tx.all("SELECT count(*) FROM deliveries WHERE workspace = ?", tx.ws)
        )
        found.kept = int(str(rows[0][0]))
    return found


async def _status(channel: Channel, app: Asgi, forged: Delivery) -> int:
    """What the door says; of a kind with pages of its own (web chat), what its account says behind them."""
    if type(channel).site is not Channel.site:
        try:
            return channel.admit(forged).status
        except Forged:
            return 401
        except Malformed:
            return 400
    _, _, rest = forged.url.partition("://")
    host, _, path = rest.partition("/")
    _, _, query = path.partition("?")
    scope: dict[str, object] = {
        "type": "http", "method": forged.method or "POST", "path": f"/{channel.name}", "scheme": "https",
        "query_string": query.encode("latin-1", "replace"), "root_path": "",
        "headers": [(b"host", host.encode("latin-1", "replace")), *_raw(forged.headers)],
    }  # fmt: skip
    return await answered(app, scope, forged.body)


def _raw(headers: Headers) -> Iterator[tuple[bytes, bytes]]:
    for name, value in headers:
        yield name.lower().encode("latin-1", "replace"), value.encode("latin-1", "replace")


def _is_genuine(subject: Subject, forged: Delivery) -> bool:
    """Whether the platform's own signature over exactly this is the one that it bears."""
    try:
        proven = subject.sign(forged, subject.secret(0))
    except Exception:
        return False  # the platform could not have sent this
    added = proven.headers[len(forged.headers) :]
    return all(forged.header(name) == value for name, value in added)


def _forgeries(subject: Subject, chance: Random) -> Iterator[Delivery]:
    """Without end, each made in one way."""
    cases = [case.delivery for case in subject.deliveries]
    bodies = [delivery.body for delivery in cases]
    others = [subject.secret(number) for number in (1, 2, 3)]
    while True:
        bare = chance.choice(cases)
        proven = subject.sign(bare, subject.secret(0))
        added = proven.headers[len(bare.headers) :]
        way = chance.choice(_WAYS)
        yield way(_Made(subject, bare, proven, added, bodies, others), chance)


@dataclass(frozen=True)
class _Made:
    """A request as it came, the same signed well, and what signing added."""

    subject: Subject
    bare: Delivery
    proven: Delivery
    added: Headers
    bodies: Sequence[bytes]
    secrets: Sequence[str]


def _unsigned(made: _Made, chance: Random) -> Delivery:
    """As it came, and changed; nobody signed it."""
    return made.bare.model_copy(update={"body": mutated(made.bare.body, made.bodies, chance)})


def _by_another(made: _Made, chance: Random) -> Delivery:
    """Signed well, by whoever has another secret."""
    return made.subject.sign(made.bare, chance.choice(made.secrets))


def _other_body(made: _Made, chance: Random) -> Delivery:
    """The signature is of another body."""
    return made.proven.model_copy(update={"body": mutated(made.bare.body, made.bodies, chance)})


def _one_bit(made: _Made, chance: Random) -> Delivery:
    """The body differs in one bit."""
    body = bytearray(made.bare.body or b"\x00")
    body[chance.randrange(len(body))] ^= 1 << chance.randrange(8)
    return made.proven.model_copy(update={"body": bytes(body)})


def _other_signature(made: _Made, chance: Random) -> Delivery:
    """What signing added is cut, changed, or left out in part."""
    headers = [(name, _changed(value, chance)) for name, value in made.added]
    if chance.random() < 0.2 and headers:
        del headers[chance.randrange(len(headers))]
    return made.bare.model_copy(update={"headers": (*made.bare.headers, *headers)})


def _elsewhere(made: _Made, chance: Random) -> Delivery:
    """Sent to another address, or in another way."""
    changes = chance.choice(
        ({"url": made.bare.url + "?a=b"}, {"url": "https://other.example/"}, {"method": "GET"})
    )
    body = chance.choice((made.bare.body, b"", mutated(made.bare.body, made.bodies, chance)))
    return made.proven.model_copy(update={**changes, "body": body})


_WAYS: tuple[Callable[[_Made, Random], Delivery], ...] = (
    _unsigned, _by_another, _other_body, _one_bit, _other_signature, _other_signature, _elsewhere,
)  # fmt: skip


def _changed(value: str, chance: Random) -> str:
    """A signature that is none: as a header, so without line ends and in latin-1."""
    made = mutated_text(value.encode(), [value.encode()], chance)[:9000]
    return made.decode("latin-1").replace("\n", "").replace("\r", "")


@silence()
def main(argv: Sequence[str]) -> int:
    """Print what became of each kind; 1 if one forgery was let in, kept, or answered otherwise."""
    options = argparse.ArgumentParser(prog="python -m bench forge", description=__doc__)
    options.add_argument("--runs", type=int, default=RUNS, help="of each kind")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--totals", type=Path, help="add to the sums in this file")
    options.add_argument("kinds", metavar="KIND", nargs="*")
    given = options.parse_args(argv)
    totals, good = Totals.of(given.totals), True
    print(
        f"{'kind':<12}{'forged':>9}{'401':>9}{'400':>7}{'other':>7}{'let in':>8}{'kept':>6}{'still genuine':>15}"
    )
    for subject in subjects(given.kinds):
        if not subject.has_webhook or not subject.deliveries:
            continue
        found = asyncio.run(forge(subject, given.runs, given.seed))
        good = good and found.ok
        print(_line(found), *map(_shown, found.let_in[:3]), sep="\n", flush=True)
        totals.add(Tally(found.kind, runs=found.runs, refused=found.statuses[401] + found.statuses[400]))
        totals.save()
    print(totals.lines(each=False)[-1])
    return 0 if good else 1


def _shown(one: Delivery) -> str:
    return f"  {one.method} {one.url} {one.headers!r:.300} {one.body[:300]!r}"


def _line(found: Forgeries) -> str:
    told = [found.statuses[status] for status in (401, 400)]
    return (
        f"{found.kind:<12}{found.runs:>9,}{told[0]:>9,}{told[1]:>7,}{found.runs - sum(told):>7,}"
        f"{len(found.let_in):>8,}{found.kept:>6}{found.genuine:>15,}"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
