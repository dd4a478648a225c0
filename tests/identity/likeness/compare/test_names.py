"""How alike two persons' names are, in many cultures; each case says what is found."""

from __future__ import annotations

import pytest

from omnichannel.identity.likeness.compare import NAME, SAME_PERSON, prepare_name

SAME = "same"
MORE = "same, one with more names"
ORDER = "same names in another order"
SPELLED = "one letter off, or another spelling"
CALLED = "pet name, or the name in another language"
NEAR = "near"
INITIALS = "initials agree"
RESEMBLES = "resembles"
PARTIAL = "only one name said, alike"
MIDDLE = "same but for a middle name"
GENERATION = "same but for the generation"
GIVEN = "given name alike, family names differ"
FAMILY = "family name alike, given names differ"
DIFFERS = "differs"


def found(one, other) -> str:
    first, second = (
        NAME.prepare(**name) if isinstance(name, dict) else NAME.prepare(name) for name in (one, other)
    )
    assert first is not None
    assert second is not None
    level = NAME.level(first, second)
    assert NAME.level(second, first) == level
    return NAME.words(level)


IN_ONE_TEXT = [
    ("John Smith", "john  SMITH", SAME),
    ("Smith, John", "John Smith", SAME),
    ("Dr. John Smith PhD", "John Smith", SAME),
    ("Mevr. A. de Vries", "A. de Vries", SAME),
    ("Herr Jörg Müller", "Jorg Muller", SAME),
    ("Jörg Müller", "Joerg Mueller", SPELLED),
    ("Åse Ødegård", "Aase Odegaard", SPELLED),
    ("Klaus Weiß", "Klaus Weiss", SAME),
    ("José Núñez", "Jose Nunez", SAME),
    ("Seán O'Brien", "Sean O’Brien", SAME),
    ("Mary-Ann Evans", "Mary Ann Evans", SAME),
    ("Maryann Evans", "Mary Ann Evans", SAME),
    ("AlisherUsmanov", "Alisher Usmanov", SAME),
    ("Jan van der Berg", "Jan Vanderberg", SAME),
    ("Jan van den Berg", "Jan Berg", SAME),
    ("Mohammed bin Salman", "Mohamed ibn Salman", SPELLED),
    ("Abd al-Aziz Nuristani", "Abdul Aziz Nuristani", SAME),
    ("Bashar al-Assad", "Bashar Assad", SAME),
    ("Hans Friedrich", "Friedrich Hans", ORDER),
    ("Nagy István", "István Nagy", ORDER),
    ("Mao Zedong", "Zedong Mao", SAME),
    ("Kim Jong-un", "Kim Jong Un", SAME),
    ("Kim Jeong Eun", "Kim Jeongeun", SAME),
    ("Lavrov Sergey Viktorovich", "Sergey Lavrov", MORE),
    ("Gabriel García Márquez", "Gabriel García", MORE),
    ("María García López", "María López", MORE),
    ("Vladimir Vladimirovich Putin", "Vladimir Putin", MORE),
    ("Bob Smith", "Robert Smith", CALLED),
    ("Lainie Smith", "Elaine Smith", CALLED),
    ("Peggy Jones", "Margaret Jones", CALLED),
    ("Sasha Petrov", "Aleksandr Petrov", CALLED),
    ("Wim Jansen", "Willem Jansen", CALLED),
    ("Sepp Huber", "Josef Huber", CALLED),
    ("Pepe Gómez", "José Gómez", CALLED),
    ("Gianni Rossi", "Giovanni Rossi", CALLED),
    ("Kasia Nowak", "Katarzyna Nowak", CALLED),
    ("Jacques Dupont", "James Dupont", CALLED),
    ("Сергей Лавров", "Sergey Lavrov", SAME),
    ("Сергей Лавров", "Sergej Lawrow", SPELLED),
    ("Ольга Петрова", "Olga Petrova", SAME),
    ("Γιώργος Παπαδόπουλος", "Giorgos Papadopoulos", SPELLED),
    ("习近平", "Xi Jinping", SAME),
    ("김정은", "Gim Jeongeun", SAME),
    ("Hsu Wei", "Xu Wei", CALLED),
    ("Olga Petrova", "Olga Petrov", SPELLED),
    ("Jon Smith", "John Smith", CALLED),
    ("Catherine Smith", "Catherne Smith", SPELLED),
    ("Michael Johnson", "Michael Jonson", SPELLED),
    ("Ig0r Sechin", "Igor Sechin", SAME),
    ("Narender Modi", "Narendra Modi", SPELLED),
    ("Frances Page", "Francis Page", RESEMBLES),
    ("J. Smith", "John Smith", INITIALS),
    ("W. Smith", "Bill Smith", INITIALS),
    ("Kib Gonzales", "Kim Gonzales", NEAR),
    ("oe Fong", "Zoe Fong", NEAR),
    ("Joan Gonzales", "John Gonzales", RESEMBLES),
    ("J.-C. Juncker", "Jean-Claude Juncker", INITIALS),
    ("JC Juncker", "Jean-Claude Juncker", INITIALS),
    ("John Q. Public", "John Quincy Public", MORE),
    ("J. Q. Public", "John Quincy Public", INITIALS),
    ("Angela Merkur", "Angela Merkel", RESEMBLES),
    ("M. Noser", "Melissa", RESEMBLES),
    ("Nataliee Quezada", "Natalie", PARTIAL),
    ("Genna", "Genna Ford", PARTIAL),
    ("Ford", "Genna Ford", PARTIAL),
    ("Genna", "Genna", PARTIAL),
    ("Hans O. Friedrich", "Hans Joachim Friedrich", MIDDLE),
    ("John Adam Smith", "John Peter Smith", MIDDLE),
    ("John Smith Jr.", "John Smith Sr.", GENERATION),
    ("John Smith II", "John Smith III", GENERATION),
    ("John Smith Jr.", "John Smith II", SAME),
    ("John Smith Jr.", "John Smith", SAME),
    ("Anna Jansen", "Anna de Vries", GIVEN),
    ("Barack Obama", "Michelle Obama", FAMILY),
    ("Paul Jansen", "Paula Jansen", RESEMBLES),
    ("Mario Rossi", "Maria Rossi", RESEMBLES),
    ("Alexander Novak", "Alexandra Novak", RESEMBLES),
    ("Tim Cook", "Tom Cook", RESEMBLES),
    ("Oleksandr Zelenskyy", "Volodymyr Oleksandrovych Zelenskyy", FAMILY),
    ("이재형", "이재명", RESEMBLES),
    ("Pol Pot", "Paul Murphy", DIFFERS),
    ("John Smith", "Mary Jones", DIFFERS),
    ("Friedrich Lindenberg", "Klaus-Peter Friedrich Walter Schulze", DIFFERS),
]


@pytest.mark.parametrize(("one", "other", "words"), IN_ONE_TEXT)
def test_names_in_one_text(one: str, other: str, words: str) -> None:
    assert found(one, other) == words


def named(given: str = "", family: str = "", middle: str = "", suffix: str = "") -> dict[str, str]:
    return {"given": given, "family": family, "middle": middle, "suffix": suffix}


IN_COLUMNS = [
    (named("Reid", "Barnaby"), named("Barnabay", "Reid"), ORDER),
    (named("Barnaby Jo", "Reid"), named("Ann", "Barnaby"), DIFFERS),
    (named("Barnaby", "Reid"), named("Ann", "Barnaby"), DIFFERS),
    (named("George", "Davies"), named("Davies", "George"), ORDER),
    (named("Maria", "Garcia Lopez"), named("Maria", "Garcia"), MORE),
    (named("Maria", "Garcia-Lopez"), named("Maria", "Lopez Garcia"), ORDER),
    (named("mikhayla", "stan field"), named("mikhayla", "stanfield"), SAME),
    (named("mikhayla", "murto m"), named("mikhayla", "murtom"), SAME),
    (named("Thomas", "Coffey", "Juan"), named("Thomas", "Coffey", "J"), MORE),
    (named("Thomas", "Coffey", "Juan"), named("Thomas", "Coffey", "Peter"), MIDDLE),
    (named("Thomas", "Coffey", "Juan"), named("Thomas", "Coffey"), MORE),
    (named("Robert", "Smith Sr"), named("Robert", "Smith", suffix="Jr"), GENERATION),
    (named("Robert", "Smith"), named("Bob", "Smiht"), CALLED),
    (named("Robert", ""), named("Robert", "Smith"), PARTIAL),
    (named("", "Smith"), named("Robert", "Smith"), PARTIAL),
    (named("Robert"), named(family="Smith"), "each says another part"),
    (named("Smith"), named(family="Smith"), PARTIAL),
    (named("David Carl"), named("David", "Simpson", "C"), PARTIAL),
    (named(family="Jones"), named("Robert", "Smith"), DIFFERS),
    (named("Sir", "Ross"), named("John", "Ross"), PARTIAL),
    (named("unknown", "Ross"), named("John", "Ross"), PARTIAL),
    (named("Robert", "Smith"), "Smith, Robert", SAME),
    (named("Robert", "Smith"), "Smith Robert", ORDER),
]


@pytest.mark.parametrize(("one", "other", "words"), IN_COLUMNS)
def test_names_in_columns(one: dict[str, str], other: dict[str, str] | str, words: str) -> None:
    assert found(one, other) == words


@pytest.mark.parametrize(
    "text", ["", "  ", "-", "N/A", "unknown", "Unbekannt", "desconocido", "???", "👍", "不明", "n.n."]
)
def test_a_name_that_says_nothing_is_none(text: str) -> None:
    assert prepare_name(text) is None
    assert prepare_name(given=text, family=text) is None


def test_a_column_that_says_nothing_is_left_out() -> None:
    name = prepare_name(given="unknown", family="Smith")
    assert name is not None
    assert (name.given, name.family) == ((), ("smith",))


TAKEN_APART = [
    ("Jan van der Berg", ("jan",), ("berg",), ""),
    ("VAN DER BERG, Jan", ("jan",), ("berg",), ""),
    ("John Smith, Jr.", ("john",), ("smith",), "jr"),
    ("Martin Luther King III", ("martin", "luther"), ("king",), "iii"),
    ("Kim Jong-un", ("jongun",), ("kim",), ""),
    ("Abd el-Kader Mahmoud", ("abdulkader",), ("mahmoud",), ""),
    ("Putin Vladimir Vladimirovich", ("vladimir", "vladimirovich"), ("putin",), ""),
    ("Ben Cohen", ("ben",), ("cohen",), ""),
    ("Carolyn (work)", ("carolyn",), (), ""),
    ("❤️ Carolyn Stanley 🌷", ("carolyn",), ("stanley",), ""),
    ("carolyn_stanley", ("carolyn",), ("stanley",), ""),
    ("xX Carolyn Xx", ("carolyn",), (), ""),
    ("Rogelio8Bishop", ("rogelio",), ("bishop",), ""),
    ("carolyn17", ("carolyn",), (), ""),
    ("de la", ("de",), ("la",), ""),
]


@pytest.mark.parametrize(("text", "given", "family", "generation"), TAKEN_APART)
def test_a_name_is_taken_apart(
    text: str, given: tuple[str, ...], family: tuple[str, ...], generation: str
) -> None:
    """Particles and titles are set aside; given and family names are there for counting how frequent they are."""
    name = prepare_name(text)
    assert name is not None
    assert (name.given, name.family, name.generation) == (given, family, generation)
    assert name.tokens == given + family


def test_one_sound_gives_one_key_to_find_candidates_by() -> None:
    names = [prepare_name(text) for text in ("Sergej Schmidt", "Sergei Schmitt", "Serguey Shmidt")]
    assert len({(name.given_sound, name.family_sound) for name in names if name}) <= 2
    alone = prepare_name("Genna")
    assert alone is not None
    assert alone.family_sound == ""


def test_the_cut_lies_where_names_are_more_likely_one_persons_than_not() -> None:
    assert NAME.words(SAME_PERSON) == INITIALS
