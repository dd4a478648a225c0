"""Customers who never were: their names, what is theirs alone, and what they share with others."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from anyascii import anyascii
from faker import Faker

from bench.identity_stream.mixes import Mix

CODES = {
    "en_US": "1", "fr_CA": "1", "en_GB": "44", "de_DE": "49", "de_AT": "43", "fr_FR": "33", "es_ES": "34",
    "it_IT": "39", "pl_PL": "48", "pt_BR": "55", "tr_TR": "90", "en_IN": "91", "hi_IN": "91", "nl_NL": "31",
    "sv_SE": "46", "es_MX": "52", "ru_RU": "7", "ja_JP": "81", "cs_CZ": "420",
}  # fmt: skip
PROVIDERS = (
    "gmail.example",
    "gmail.example",
    "outlook.example",
    "yahoo.example",
    "web.example",
    "proton.example",
)
ROLES = (
    "info",
    "support",
    "sales",
    "office",
    "admin",
    "ventas",
    "kontakt",
    "biuro",
    "vendite",
    "klantenservice",
)
PAGES = ("page1", "page2")
CHANNELS = {
    "email": 0.75,
    "whatsapp": 0.5,
    "sms": 0.25,
    "messenger": 0.35,
    "x_dm": 0.2,
    "webchat": 0.7,
    "voice": 0.15,
}


@dataclass(slots=True)
class Person:
    """A customer. What is empty they do not have; `lost` and `got` say when their first number became another's."""

    id: str
    given: str
    family: str
    locale: str
    home: tuple[tuple[str, str], ...]
    mails: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    browsers: list[str] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)
    account: str = ""
    vouched: bool = False
    hides: bool = False
    family_mail: str = ""
    landline: str = ""
    role: str = ""
    desk: str = ""
    lost: float = 2.0
    got: tuple[str, float] = ("", 2.0)

    @property
    def name(self) -> str:
        """As they write it when they are asked."""
        return f"{self.given} {self.family}"


class Population:
    """Everybody of a mix, by chance that is given."""

    def __init__(self, mix: Mix, chance: random.Random) -> None:
        self.mix, self.chance = mix, chance
        self._taken: set[str] = set()
        self._fakes = {locale: Faker(locale) for locale in ("en_US", *mix.locales)}
        for fake in self._fakes.values():
            fake.seed_instance(chance.randrange(2**32))
        self.people: list[Person] = []
        self._households: dict[str, list[Person]] = defaultdict(list)
        while len(self.people) < mix.people:
            self._household()
        del self.people[mix.people :]
        for person in self.people:
            self._equip(person)
        self._employ()
        for several in self._households.values():
            self._share(several)
        for _ in range(int(mix.people * mix.recycled)):
            self._recycle()

    def happens(self, probability: float) -> bool:
        """Whether something of a probability happens this time."""
        return self.chance.random() < probability

    def _household(self) -> None:
        locale = "en_US" if self.happens(self.mix.american) else self.chance.choice(self.mix.locales)
        fake, number = self._fakes[locale], len(self.people)
        family = fake.last_name()
        home = (
            ("street", fake.street_address().replace("\n", ", ")), ("city", fake.city()),
            ("postcode", fake.postcode()), ("country", locale[-2:]),
        )  # fmt: skip
        for _ in range(1 if self.happens(0.6) else self.chance.choice([2, 2, 3, 4])):
            own = family if self.happens(0.8) else fake.last_name()
            person = Person(f"p{len(self.people)}", fake.first_name(), own, locale, home)
            self.people.append(person)
            self._households[f"h{number}"].append(person)

    def _equip(self, person: Person) -> None:
        chance, mix = self.chance, self.mix
        person.mails = [self.mail(person) for _ in range(2 if self.happens(0.3) else 1)]
        person.numbers = [self.number(person.locale) for _ in range(2 if self.happens(0.15) else 1)]
        person.browsers = [f"c{chance.getrandbits(60):x}" for _ in range(chance.choice([1, 1, 2, 3]))]
        person.account = f"a{chance.randrange(10**6, 10**7)}-{person.id}" if self.happens(mix.account) else ""
        person.vouched, person.hides = self.happens(0.8), not self.happens(mix.shown_number)
        likely: Mapping[str, float] = {**CHANNELS, "order": mix.imported}
        person.channels = [name for name, share in likely.items() if self.happens(share)] or ["email"]

    def _employ(self) -> None:
        firms = max(3, int(self.mix.people * self.mix.employed / 8))
        desks = [self.number(self.chance.choice(("en_US", *self.mix.locales))) for _ in range(firms)]
        roles = [self.chance.sample(ROLES, 2) for _ in range(firms)]
        for person in self.people:
            if self.happens(self.mix.employed):
                firm = self.chance.randrange(firms)
                person.mails.append(self.mail(person, f"firm{firm}.example"))
                person.role = (
                    f"{self.chance.choice(roles[firm])}@firm{firm}.example" if self.happens(0.35) else ""
                )
                person.desk = desks[firm] if self.happens(0.4) else ""

    def _share(self, several: list[Person]) -> None:
        if len(several) < 2:
            return
        if self.happens(self.mix.family_mail):
            mail = f"the.{_plain(several[0].family) or 'family'}.family{self.chance.randrange(10**4)}@gmail.example"
            for person in several[:2]:
                person.family_mail = mail
        if self.happens(self.mix.landline):
            number = self.number(several[0].locale)
            for person in several:
                person.landline = number
        if self.happens(self.mix.shared_browser):
            browser = f"h{self.chance.getrandbits(60):x}"
            for person in several[:3]:
                person.browsers.append(browser)

    def _recycle(self) -> None:
        former, later = self.chance.sample(self.people, 2)
        if former.lost <= 1 or later.got[0]:
            return
        former.lost = self.chance.uniform(0.35, 0.65)
        later.got = former.numbers[0], former.lost + 60 / 637
        if len(former.numbers) == 1:
            former.numbers.append(self.number(former.locale))

    def mail(self, person: Person, domain: str = "") -> str:
        """A mailbox that nobody has, which spells the name one way or another."""
        given, family = _plain(person.given) or person.id, _plain(person.family) or person.id
        while True:
            local = self.chance.choice([
                f"{given}.{family}", f"{given}{family}", f"{given[0]}{family}", f"{given}_{family}",
                f"{family}.{given}",
                f"{given}.{family}{self.chance.randrange(100)}", f"{given}{self.chance.randrange(1000)}",
                f"{given}{family}{self.chance.randrange(10**5)}",
            ])  # fmt: skip
            if self._take(mail := f"{local}@{domain or self.chance.choice(PROVIDERS)}"):
                return mail

    def number(self, locale: str) -> str:
        """A number that nobody has."""
        while True:
            code = CODES[locale]
            rest = (
                f"{self.chance.randrange(210, 980)}555{self.chance.randrange(100, 200):04}"
                if code == "1"
                else f"{self.chance.choice('67')}{self.chance.randrange(10**8):08}"
            )
            if self._take(number := f"+{code}{rest}"):
                return number

    def _take(self, value: str) -> bool:
        free = value not in self._taken
        self._taken.add(value)
        return free


def _plain(name: str) -> str:
    return "".join(char for char in anyascii(name) if char.isalnum()).lower()
