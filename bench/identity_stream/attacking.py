"""What attackers send: in one of seven ways they pose as a customer, under the name that she goes by."""

from __future__ import annotations

from collections.abc import Callable

from bench.identity_stream.population import Person, Population
from bench.identity_stream.writing import Writer, handle


class Attackers:
    """People who are no customers, each with one victim, or two, and one to three events."""

    def __init__(self, population: Population, writer: Writer) -> None:
        self._all, self._chance, self._writer = population, population.chance, writer
        self._ways: tuple[Callable[[str, Person, Person, float], None], ...] = (
            self._asserted_email, self._asserted_phone, self._spoof_from, self._callerid, self._bridge,
            self._name_bait, self._handle_takeover,
        )  # fmt: skip

    def write(self) -> None:
        """All attacks, every way in turn."""
        for number in range(int(self._all.mix.people * self._all.mix.attackers)):
            victim, other = self._chance.sample(self._all.people, 2)
            way = self._ways[number % len(self._ways)]
            for _ in range(self._chance.choice([1, 2, 3])):
                way(f"x{number}", victim, other, self._chance.random())

    def _pose(
        self, attacker: str, victim: Person, when: float, channel: str, said: list[str], way: str, other: str = "",
        home: tuple[tuple[str, str], ...] = (),
    ) -> None:  # fmt: skip
        victims = (victim.id, other) if other else (victim.id,)
        self._writer.write(
            attacker, when, channel, said, f"attack_{way}", name=victim.name, home=home, victims=victims
        )

    def _asserted_email(self, attacker: str, victim: Person, _: Person, when: float) -> None:
        said = [f"cookie=c{attacker}!", f"email={self._chance.choice(victim.mails)}?"]
        self._pose(attacker, victim, when, "webchat", said, "asserted_email")

    def _asserted_phone(self, attacker: str, victim: Person, _: Person, when: float) -> None:
        said = [f"psid=page1:{attacker}!", f"phone={victim.numbers[0]}?"]
        self._pose(attacker, victim, when, "messenger", said, "asserted_phone")

    def _spoof_from(self, attacker: str, victim: Person, _: Person, when: float) -> None:
        self._pose(attacker, victim, when, "email", [f"email={victim.mails[0]}?"], "spoof_from")

    def _callerid(self, attacker: str, victim: Person, _: Person, when: float) -> None:
        said = [f"phone={victim.numbers[0]}?"]
        if victim.account:
            said.append(f"account_id={victim.account}?")
        self._pose(attacker, victim, when, "voice", said, "callerid")

    def _bridge(self, attacker: str, victim: Person, other: Person, when: float) -> None:
        said = [f"cookie=c{attacker}!", f"email={victim.mails[0]}?", f"phone={other.numbers[0]}?"]
        self._pose(attacker, victim, when, "webchat", said, "bridge", other.id)

    def _name_bait(self, attacker: str, victim: Person, _: Person, when: float) -> None:
        said = [f"email=attacker-{attacker}@mail.example!", f"phone={self._all.number('en_US')}?"]
        self._pose(attacker, victim, when, "order", said, "name_bait", home=victim.home)

    def _handle_takeover(self, attacker: str, victim: Person, _: Person, when: float) -> None:
        said = [f"x_id=x{attacker}!", f"x_handle={handle(victim)}!"]
        self._pose(attacker, victim, 0.9 + when / 10, "x_dm", said, "handle_takeover")
