"""The company: twenty people in five teams and three cities, what they know, when they work, and where questions go.

What is said here of topics, teams and hours is told to the library as a plan, and to the judge as plain tables: that
both come to the same is what is shown.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple

from omnichannel.desk import Calendar, Overflow, Plan, Route, Target, Team, Then, When
from omnichannel.desk.classify import Intent, Language, Likely, Reading
from omnichannel.model.desk import DAYS, Priority

MONDAY = datetime(2026, 3, 23, tzinfo=UTC)
"""The week begins: on its Sunday the clocks are changed in Amsterdam, in Denver they were before, in Manila never."""

CHANNELS = ("email", "webchat", "whatsapp", "sms", "messenger", "x")

HOURS: dict[str, tuple[str, dict[str, str], dict[str, str]]] = {
    "amsterdam": (
        "Europe/Amsterdam",
        dict.fromkeys(DAYS[:5], "09:00-17:30"),
        {"2026-03-25": "09:00-12:00"},
    ),
    "denver": ("America/Denver", dict.fromkeys(DAYS[:5], "08:00-19:00"), {"2026-03-26": "closed"}),
    "manila": ("Asia/Manila", dict.fromkeys(DAYS[:6], "09:00-18:00"), {}),
    "shop": (
        "Europe/Amsterdam",
        dict.fromkeys(DAYS[:5], "09:00-21:00") | dict.fromkeys(DAYS[5:], "10:00-16:00"),
        {},
    ),
}
"""By calendar: its time zone, the hours of a week, and days unlike others."""


class Work(NamedTuple):
    """What a team does: whose hours it keeps, and how it gives out."""

    calendars: tuple[str, ...]
    pick: Literal["best", "round_robin"] = "best"
    flows_to: str = ""


TEAMS = {
    "world": Work(("amsterdam", "manila", "denver")),
    "billing": Work(("amsterdam",)),
    "tech": Work(("amsterdam", "denver"), flows_to="world"),
    "social": Work(("shop",), pick="round_robin"),
    "sales": Work(("denver",)),
}
FLOWS_AFTER = timedelta(hours=2)


class Person(NamedTuple):
    """Somebody who answers. Those with everything but the name in common are equals."""

    name: str
    team: str
    shift: str
    languages: tuple[str, ...]
    skills: tuple[tuple[str, int], ...] = ()

    @property
    def alike(self) -> tuple[object, ...]:
        """What equals have in common."""
        return self[1:]


def _people() -> tuple[Person, ...]:
    groups: list[tuple[str, str, str, tuple[str, ...], tuple[tuple[str, int], ...]]] = [
        ("Ada Ben", "world", "amsterdam", ("en", "nl"), ()),
        ("Cas Dee", "world", "amsterdam", ("en", "de"), ()),
        ("Eva Fay Gil", "world", "manila", ("en",), ()),
        ("Hal Ida Jon", "world", "denver", ("en",), ()),
        ("Kim Leo Mia", "billing", "amsterdam", ("en", "nl", "de"), (("billing", 3),)),
        ("Ned Ola", "tech", "amsterdam", ("en", "nl", "de"), (("network", 3),)),
        ("Pia", "tech", "denver", ("en",), (("network", 2),)),
        ("Quin Ria", "social", "shop", ("en", "nl"), ()),
        ("Sam Tess", "sales", "denver", ("en",), ()),
    ]
    return tuple(Person(name, *rest) for names, *rest in groups for name in names.split())


PEOPLE = _people()
CAPACITY = 6.0


class Topic(NamedTuple):
    """What customers write about: what it is, which rule takes it, and where that sends it."""

    intent: Intent
    rule: str = ""
    team: str = "world"
    priority: Priority = "normal"
    needs: tuple[tuple[str, int], ...] = ()
    closed: bool = False


TOPICS = {
    "parcel": Topic(Intent.QUESTION),
    "refund": Topic(Intent.PROBLEM, "money", "billing", needs=(("billing", 2),)),
    "invoice": Topic(Intent.QUESTION, "money", "billing", needs=(("billing", 2),)),
    "router": Topic(Intent.PROBLEM, "networks", "tech", needs=(("network", 2),)),
    "program": Topic(Intent.PROBLEM, "programs", "tech"),
    "offer": Topic(Intent.QUESTION, "offers", "sales"),
    "outrage": Topic(Intent.COMPLAINT, "complaints", "world", "high"),
    "scandal": Topic(Intent.COMPLAINT, "in public", "social", "urgent"),
    "praise": Topic(Intent.COMPLIMENT, closed=True),
    "pills": Topic(Intent.SPAM, "junk", closed=True),
}
"""The word that gives a topic away. `scandal` is written in public, and only that."""

OPENINGS = {"en": "Hello", "nl": "Hallo", "de": "Guten Tag"}
"""The word that gives a language away."""


class Planted:
    """A classifier that knows what was planted: the word of the topic, and that of the language."""

    async def classify(self, text: str, *, language: str = "", channel: str = "") -> Reading:
        """What the text is about; `language` and `channel` make no difference."""
        del language, channel
        found = next((TOPICS[word].intent for word in text.split() if word in TOPICS), None)
        tag = next((tag for tag, word in OPENINGS.items() if text.startswith(word)), "und")
        likely = () if found is None else (Likely(intent=found, probability=0.9),)
        return Reading(intents=likely, language=Language(tag=tag, probability=0.0 if tag == "und" else 0.95))


ROUTES = (
    Route(name="junk", when=When(intents=("spam",)), then=Then(spam=True)),
    Route(
        name="in public",
        when=When(intents=("complaint",), public=True),
        then=Then(team="social", priority="urgent"),
    ),
    Route(name="complaints", when=When(intents=("complaint",)), then=Then(team="world", priority="high")),
    Route(
        name="money", when=When(words=("refund", "invoice")), then=Then(team="billing", needs={"billing": 2})
    ),
    Route(name="networks", when=When(words=("router",)), then=Then(team="tech", needs={"network": 2})),
    Route(name="programs", when=When(words=("program",)), then=Then(team="tech")),
    Route(name="offers", when=When(words=("offer",)), then=Then(team="sales")),
)

ANSWER = {"webchat": 5, "messenger": 20, "whatsapp": 20, "sms": 30, "x": 60, "email": 240}
"""Minutes of working time to an answer, by channel."""

URGENT, GOLD, RESOLUTION = 45, 30, 16 * 60
"""Minutes to an answer where it is urgent, and for gold customers; working time until it is resolved."""


def _targets() -> tuple[Target, ...]:
    found: list[Target] = []
    for what in ("first", "next"):
        found += [
            Target(name=f"{what} {kind}", what=what, within=timedelta(minutes=minutes), kinds=(kind,))
            for kind, minutes in ANSWER.items()
        ]
        found += [
            Target(
                name=f"{what} urgent",
                what=what,
                within=timedelta(minutes=URGENT),
                priorities=("urgent",),
                time="calendar",
            ),
            Target(name=f"{what} gold", what=what, within=timedelta(minutes=GOLD), tiers=("gold",)),
        ]
    resolution = Target(
        name="resolution",
        what="resolution",
        within=timedelta(minutes=RESOLUTION),
        pauses=("waiting", "snoozed"),
    )
    return (*found, resolution)


def plan() -> Plan:
    """All of it as the library is told."""
    return Plan(
        calendars=tuple(
            Calendar.model_validate({"name": name, "zone": zone, **week, "days": days})
            for name, (zone, week, days) in HOURS.items()
        ),
        teams=tuple(
            Team(
                name=name,
                pick=team.pick,
                calendar=team.calendars,
                overflow=(Overflow(after=FLOWS_AFTER, to=team.flows_to),) if team.flows_to else (),
            )
            for name, team in TEAMS.items()
        ),
        default_team="world",
        targets=_targets(),
        routes=ROUTES,
        again=("reopened",),
        classifier=Planted(),
    )
