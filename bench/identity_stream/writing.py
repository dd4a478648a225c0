"""What customers send: events over 21 months on every channel, each with the person who really sent it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from bench.identity_stream import spellings
from bench.identity_stream.population import PAGES, Person, Population
from omnichannel.identity.resolving.events import Event, Identifier
from omnichannel.model import Strength

BEGIN, SPAN = 1_735_689_600, 637 * 86_400  # seconds: 2025-01-01, to the end of September 2026
STRENGTH = {"!": Strength.VERIFIED, "?": Strength.ASSERTED, "~": Strength.INFERRED}
KIOSKS = 5


@dataclass(frozen=True, slots=True)
class Written:
    """An event, who sent it, what was special about it, and of an attack whom it is meant for."""

    event: Event
    person: str
    scenario: str
    victims: tuple[str, ...] = ()


class Writer:
    """Writes events down, with ids that tell nothing."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self.written: list[Written] = []

    def write(
        self, person: str, when: float, channel: str, said: Iterable[str], scenario: str, *,
        name: str = "", home: tuple[tuple[str, str], ...] = (), victims: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        """`when`: 0 for the first moment, 1 for the last. `said`: type=value with its strength behind (!, ?, ~)."""
        identifiers = tuple(_identifier(word) for word in said)
        at = int(BEGIN + SPAN * when) * 1_000_000
        event = Event(f"e{self._chance.getrandbits(48):012x}", at, channel, identifiers, name, home)
        self.written.append(Written(event, person, scenario, victims))


def _identifier(word: str) -> Identifier:
    kind, _, value = word.partition("=")
    return Identifier(kind, value[:-1], STRENGTH[value[-1]])


class Customers:
    """Everybody of a population writes."""

    def __init__(self, population: Population, writer: Writer) -> None:
        self._all, self._mix, self._chance = population, population.mix, population.chance
        self._writer = writer

    def write(self) -> None:
        """All that all customers send."""
        for person in self._all.people:
            for _ in range(1 + min(30, int(self._chance.expovariate(1 / self._mix.events)))):
                channel = self._chance.choice(person.channels)
                getattr(self, f"_{channel}")(person, self._chance.random())

    def _happens(self, probability: float) -> bool:
        return self._all.happens(probability)

    def _name(self, person: Person, share: float) -> str:
        return spellings.shown(person.given, person.family, self._chance) if self._happens(share) else ""

    def _mailbox(self, person: Person) -> str:
        return spellings.mail(self._chance.choice(person.mails), self._chance)

    def _number(self, person: Person, when: float) -> tuple[str, str]:
        number, since = person.got
        if when >= since and self._happens(0.6):
            return number, "recycled_phone"
        if when >= person.lost:
            return person.numbers[1], "normal"
        return self._chance.choice(person.numbers), "normal"

    def _own(self, person: Person, when: float) -> str:
        """One of their own numbers, never one that was another's before."""
        return person.numbers[1] if when >= person.lost else self._chance.choice(person.numbers)

    def _email(self, person: Person, when: float) -> None:
        mail, scenario = self._mailbox(person), "normal"
        if person.role and self._happens(0.4):
            mail, scenario = person.role, "role_address"
        elif person.family_mail and self._happens(0.4):
            mail, scenario = person.family_mail, "family_shared"
        said = [f"email={mail}{'!' if self._happens(self._mix.signed) else '?'}"]
        if self._happens(self._mix.signature):
            number, why = self._number(person, when)
            if person.desk and self._happens(0.6):
                number, why = person.desk, "switchboard"
            scenario = why if scenario == "normal" else scenario
            said.append(f"phone={spellings.number(number, self._chance)}~")
        self._writer.write(person.id, when, "email", said, scenario, name=self._name(person, 0.85))

    def _whatsapp(self, person: Person, when: float) -> None:
        said, scenario = [f"bsuid=XX.{person.id}!"], "normal"
        if not person.hides:
            said.append(f"phone={self._own(person, when)}!")
        if self._happens(0.12):
            said.append(f"email={self._typed(self._chance.choice(person.mails))}?")
            scenario = "asserted_self"
        self._writer.write(person.id, when, "whatsapp", said, scenario, name=self._name(person, 0.9))

    def _typed(self, mail: str) -> str:
        slipped = spellings.slip(mail, self._chance) if self._happens(self._mix.slip) else mail
        return spellings.mail(slipped, self._chance)

    def _sms(self, person: Person, when: float) -> None:
        number, scenario = self._number(person, when)
        self._writer.write(person.id, when, "sms", [f"phone={number}!"], scenario)

    def _voice(self, person: Person, when: float) -> None:
        number, scenario = self._number(person, when)
        if person.landline and self._happens(0.4):
            number, scenario = person.landline, "family_shared"
        elif person.desk and self._happens(0.5):
            number, scenario = person.desk, "switchboard"
        said = [f"phone={number}?"]
        if person.account and self._happens(0.25):
            said.append(f"account_id={person.account}?")
        self._writer.write(person.id, when, "voice", said, scenario, name=self._name(person, 0.5))

    def _messenger(self, person: Person, when: float) -> None:
        said, scenario = [f"psid={self._chance.choice(PAGES)}:{person.id}!"], "normal"
        if self._happens(0.12):
            said.append(f"email={self._mailbox(person)}?")
            scenario = "asserted_self"
        if self._happens(self._mix.code):
            said.append(f"email={person.mails[0]}!")
            scenario = "otp"
        if self._happens(0.08):
            said.append(f"phone={spellings.number(self._own(person, when), self._chance)}?")
        self._writer.write(person.id, when, "messenger", said, scenario, name=self._name(person, 1))

    def _x_dm(self, person: Person, when: float) -> None:
        said = [f"x_id=x{person.id}!", f"x_handle={handle(person)}!"]
        if self._happens(0.1):
            said.append(f"email={self._mailbox(person)}?")
        self._writer.write(person.id, when, "x_dm", said, "normal", name=self._name(person, 1))

    def _webchat(self, person: Person, when: float) -> None:
        browser, scenario = self._chance.choice(person.browsers), "normal"
        if self._happens(self._mix.kiosk):
            browser, scenario = f"kiosk{self._chance.randrange(KIOSKS)}", "kiosk_cookie"
        elif browser.startswith("h"):
            scenario = "shared_cookie"
        said = [f"cookie={browser}!"]
        if person.account and self._happens(0.5):
            said.append(f"account_id={person.account}!")
            if self._happens(0.7):
                said.append(f"email={person.mails[0]}{'!' if person.vouched else '?'}")
            self._writer.write(person.id, when, "webchat", said, scenario, name=person.name)
            return
        said += self._form(person, when)
        self._writer.write(person.id, when, "webchat", said, scenario, name=self._name(person, 0.6))

    def _form(self, person: Person, when: float) -> list[str]:
        """What they fill in before a chat."""
        said = []
        if self._happens(self._mix.typed_mail):
            said.append(f"email={self._typed(self._chance.choice(person.mails))}?")
        if self._happens(self._mix.typed_number):
            said.append(f"phone={spellings.number(self._number(person, when)[0], self._chance)}?")
        if self._happens(self._mix.code):
            said.append(f"email={person.mails[0]}!")
        return said

    def _order(self, person: Person, when: float) -> None:
        said = [f"email={self._mailbox(person)}?"]
        if self._happens(0.7):
            number = person.landline if person.landline and self._happens(0.3) else self._own(person, when)
            said.append(f"phone={spellings.number(number, self._chance)}?")
        if person.account and self._happens(0.6):
            said.append(f"account_id={person.account}!")
        (_, street), *rest = person.home
        home = (("street", spellings.slip(street, self._chance) if self._happens(0.15) else street), *rest)
        name = person.name if self._happens(0.8) else self._name(person, 1)
        self._writer.write(person.id, when, "order", said, "order", name=name, home=home)


def handle(person: Person) -> str:
    """What they are called at X."""
    return f"{person.mails[0].partition('@')[0]}_{person.id}"
