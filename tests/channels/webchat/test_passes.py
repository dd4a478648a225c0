"""A pass proves which browser it is, and nobody can make, change or carry one elsewhere."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from omnichannel.channels.webchat import passes
from omnichannel.channels.webchat.wire import Pass, User
from omnichannel.errors import Forged
from tests.channels.webchat.given import VISITOR, channel
from tests.engines import MORNING

OLD, NEW = (
    SecretStr("the old secret, which is long enough"),
    SecretStr("the new secret, which is long enough"),
)
ANNA = Pass(visitor=VISITOR, user=User(id="4711", name="Anna"), expires=int(MORNING.timestamp()))


@pytest.mark.parametrize("found", [Pass(visitor=VISITOR), ANNA])
def test_what_was_made_is_read(found: Pass) -> None:
    token = passes.issued((NEW, OLD), "chat", found)
    assert passes.read((NEW, OLD), "chat", token) == found
    assert token.isascii()
    assert " " not in token


def test_a_secret_is_changed_without_losing_anybody() -> None:
    """What the old secret made is good as long as it is among them; what is made anew is the new one's."""
    token = passes.issued((OLD,), "chat", ANNA)
    assert passes.read((NEW, OLD), "chat", token) == ANNA
    with pytest.raises(Forged):
        passes.read((NEW,), "chat", token)
    assert passes.read((NEW,), "chat", passes.issued((NEW, OLD), "chat", ANNA)) == ANNA


def test_a_pass_is_one_accounts_own() -> None:
    token = passes.issued((NEW,), "chat", ANNA)
    with pytest.raises(Forged):
        passes.read((NEW,), "chat2", token)


@given(st.integers(0, 300), st.characters())
def test_no_change_makes_it_mean_something_else(place: int, other: str) -> None:
    """It is refused; or it was only another spelling of the very same bytes, as base64 has them."""
    token = passes.issued((NEW,), "chat", ANNA)
    place %= len(token)
    changed = token[:place] + other + token[place + 1 :]
    try:
        assert passes.read((NEW,), "chat", changed) == ANNA
    except Forged:
        assert changed != token


def test_what_is_too_long_to_be_ours_is_not_even_looked_at() -> None:
    with pytest.raises(Forged, match="too long"):
        passes.read((NEW,), "chat", "e" * 5000)


@given(st.text())
def test_anything_else_is_forged(token: str) -> None:
    with pytest.raises(Forged):
        passes.read((NEW,), "chat", token)


@pytest.mark.parametrize(
    "payload",
    [b"{}", b"[]", b"not json", b'{"visitor":"x"}', b'{"visitor":"%s","more":1}' % VISITOR.encode()],
)
def test_what_another_version_made_is_refused(payload: bytes) -> None:
    """Rightly signed, and still nothing that we understand."""
    mac = passes._mac(NEW, "chat", payload)
    token = base64.urlsafe_b64encode(payload).decode().rstrip("=") + "." + mac
    with pytest.raises(Forged, match="another version"):
        passes.read((NEW,), "chat", token)


def test_a_pass_ends_when_its_login_does() -> None:
    with pytest.raises(Forged, match="ended"):
        passes.valid(ANNA, MORNING)
    later = ANNA.model_copy(update={"expires": ANNA.expires + 1})
    assert passes.valid(later, MORNING) is later
    assert passes.valid(Pass(visitor=VISITOR), MORNING).expires == 0


def test_a_signed_delivery_is_no_pass_and_no_pass_a_delivery() -> None:
    """One secret makes both: what it signs for one purpose is worth nothing for the other."""
    chat = channel()
    token = chat.token_of(ANNA)
    payload, _, mac = token.partition(".")
    raw = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    signature = chat.delivery(raw).header("x-omnichannel-signature").removeprefix("sha256=")
    assert signature != mac
    with pytest.raises(Forged):
        chat.pass_of(f"{payload}.{signature}")


@given(st.binary(min_size=16, max_size=16))
def test_a_visitors_id_is_its_chance(chance: bytes) -> None:
    """No two chances have one id, and every id is one that a pass takes."""
    found = passes.visitor_id(chance)
    assert Pass(visitor=found).who == found
    assert base64.b32decode(found[1:].upper() + "======") == chance
