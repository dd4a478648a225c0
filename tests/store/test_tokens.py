"""One-time tokens as the store keeps them, and the wrong codes that are counted."""

from __future__ import annotations

from omnichannel.identity import Token
from omnichannel.store import Store, tokens
from tests.engines import HandClock, dump, wait

HOUR = 3_600_000_000


def token(clock: HandClock, digest: str = "d", seconds: int = 60, holder: int | None = None) -> Token:
    return Token(digest, 11, 22, "b", clock.micros, clock.micros + seconds * 1_000_000, holder=holder)


def redeem(store: Store, digest: str, account: str = "b", sender: int | None = 33) -> Token | None:
    return wait(store, lambda tx: tokens.redeem(tx, digest, account, sender, tx.now()))


def test_a_token_works_once_in_its_time_on_its_account(store: Store, clock: HandClock) -> None:
    for name in ("d", "late", "early"):
        assert wait(store, lambda tx, name=name: tokens.issue(tx, token(clock, name)))
    assert redeem(store, "other") is None
    assert redeem(store, "d", account="a") is None
    clock.advance(seconds=-1)  # a mail server's clock, behind ours
    assert redeem(store, "early") is not None
    clock.advance(seconds=60)
    found = redeem(store, "d")
    assert found is not None
    assert (found.conversation, found.address, found.used_at, found.used_by) == (11, 22, clock.micros, 33)
    assert redeem(store, "d") is None
    assert wait(store, lambda tx: tokens.find(tx, "d")) == found
    clock.advance(seconds=1)
    assert redeem(store, "late") is None


def test_a_token_for_one_address_works_from_nowhere_else(store: Store, clock: HandClock) -> None:
    """Nor from somebody whose address is not known."""
    wait(store, lambda tx: tokens.issue(tx, token(clock, holder=44)))
    assert redeem(store, "d") is None
    assert redeem(store, "d", sender=None) is None
    assert redeem(store, "d", sender=44) is not None


def test_the_same_token_is_issued_once(store: Store, clock: HandClock) -> None:
    """Short ones may meet: the first stays as it is."""
    assert wait(store, lambda tx: tokens.issue(tx, token(clock), short=True))
    before = dump(store)
    assert not wait(store, lambda tx: tokens.issue(tx, token(clock, seconds=900), short=True))
    assert dump(store) == before


def test_which_short_tokens_work_is_counted_for_each_account(store: Store, clock: HandClock) -> None:
    """Used, expired and long ones, and those of other accounts, are not among them."""
    for name, seconds, short in (("a", 60, True), ("b", 60, True), ("c", 1, True), ("d", 60, False)):
        given = token(clock, name, seconds)
        wait(store, lambda tx, given=given, short=short: tokens.issue(tx, given, short=short))

    def live(account: str = "b") -> int:
        return wait(store, lambda tx: tokens.live_short(tx, account, tx.now()))

    assert (live(), live("a")) == (3, 0)
    redeem(store, "a")
    clock.advance(seconds=1)
    assert live() == 1


def test_wrong_codes_are_counted_for_a_while(store: Store, clock: HandClock) -> None:
    """For each one and for all together; those that no longer count are forgotten."""

    def wrong(who: str) -> None:
        wait(store, lambda tx: tokens.count_try(tx, who, tx.now() - HOUR))

    def tried(who: str = "") -> int:
        return wait(store, lambda tx: tokens.tried(tx, tx.now() - HOUR, who))

    for who in ("a", "a", "b"):
        wrong(who)
        clock.advance(minutes=1)
    assert (tried(), tried("a"), tried("b"), tried("c")) == (3, 2, 1, 0)
    clock.advance(minutes=57)
    assert (tried(), tried("a")) == (2, 1)
    clock.advance(hours=1)
    wrong("b")
    assert tried() == 1
    assert len(dump(store)["tries"]) == 1
