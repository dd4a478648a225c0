"""Can two names be one person's? It decides whether an address is shared by several people."""

from __future__ import annotations

import pytest

from omnichannel.identity.likeness.compare import compatible

ONE_PERSON = [
    ("Robert Smith", "Bob Smith"),
    ("Robert Smith", "R. Smith"),
    ("Robert Smith", "Smith, R"),
    ("Robert Smith", "Rob"),
    ("Robert Smith", "smith"),
    ("Robert Smith", "Robret Smith"),
    ("Robert Smith", "Robert J Smith"),
    ("Robert Smith", "Mr. Robert Smith"),
    ("Robert Smith", "~Robert"),
    ("Robert Smith", "robert_smith"),
    ("Anna Jansen", "Anna de Vries"),
    ("Anna Jansen", "Anna Jansen-de Vries"),
    ("Anna de Vries", "Anna Jansen-de Vries"),
    ("Сергей Лавров", "Sergei Lavrov"),
    ("Muhammad Ali", "Mohamed Ali"),
    ("Olga Petrova", "Olya Petrova"),
    ("Li Wei", "Wei Li"),
    ("María García López", "Maria Garcia"),
    ("Jan van den Berg", "J.P. v.d. Berg"),
    ("Robert Smith", ""),
    ("Robert Smith", "unknown"),
    ("Smith", "Robert"),
    ("W. Smith", "Bill Smith"),
    ("Zoe Fong", "oe Fong"),
    ("R. Smith", "Robert"),
    ("Robert Smith", "xX Robert"),
    ("Anna Stewart", "Anna Stuart"),
    ("Peggy", "Margaret"),
    ("Jim", "Jimmy"),
]

TWO_PEOPLE = [
    ("Robert Smith", "Mary Smith"),
    ("Robert Smith", "Mary Jones"),
    ("Robert Smith", "M. Smith"),
    ("Robert Smith", "Mary"),
    ("Robert Smith", "Jones"),
    ("Robert Smith Jr", "Robert Smith Sr"),
    ("Paul Jansen", "Paula Jansen"),
    ("Mario Rossi", "Maria Rossi"),
    ("Alexander Novak", "Alexandra Novak"),
    ("John Adam Smith", "John Peter Smith"),
    ("Tim Cook", "Tom Cook"),
    ("Kim Jong-un", "Kim Jong-il"),
    ("Barack Obama", "Michelle Obama"),
    ("Sergey Lavrov", "Olga Lavrova"),
    ("Anna", "Peter"),
    ("Joan Gonzales", "John Gonzales"),
    ("R. Smith", "Mary"),
    ("Robert Smith", "Roberta"),
    ("李娜", "李强"),
]


@pytest.mark.parametrize(("one", "other"), ONE_PERSON)
def test_one_persons_names(one: str, other: str) -> None:
    assert compatible(one, other)
    assert compatible(other, one)


@pytest.mark.parametrize(("one", "other"), TWO_PEOPLE)
def test_two_peoples_names(one: str, other: str) -> None:
    assert not compatible(one, other)
    assert not compatible(other, one)
