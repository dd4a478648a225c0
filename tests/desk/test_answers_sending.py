"""Before an answer goes out: who signs, what becomes of it on each channel, whether an apology leads anywhere, and when
a customer is told that nobody is there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.channel import Channel
from omnichannel.desk.answers import (
    AWAY,
    LISTS,
    Apologies,
    Book,
    away,
    check_apology,
    check_away,
    place,
    preview,
    sign,
)
from omnichannel.errors import ConfigError, NotFound, Unfilled
from omnichannel.model.desk import Answer, AwayRule, FieldValue, Signature
from omnichannel.plugins import channel_class, own_kinds

JUDY: dict[str, FieldValue] = {"agent.name": "Judy Nowers", "agent.first_name": "Judy"}
MINE = Signature(agent="judy", full={"en": "Kind regards,\n{agent.name}", "nl": "Groeten,\n{agent.name}"}, short={"en": "^{agent.first_name}"})  # fmt: skip
KINDS = {kind: channel_class(kind) for kind in own_kinds()}


@pytest.mark.parametrize(
    ("kind", "language", "signed"),
    [
        ("email", "en", "It left.\n\nKind regards,\nJudy Nowers"),
        ("email", "nl-BE", "It left.\n\nGroeten,\nJudy Nowers"),
        ("letter", "fr", "It left.\n\nKind regards,\nJudy Nowers"),
        ("x", "en", "It left. ^Judy"),
        ("sms", "en", "It left. ^Judy"),
        ("voice", "en", "It left."),
    ],
)
def test_the_channel_says_how_one_signs(kind: str, language: str, signed: str) -> None:
    text, why = sign("It left.", MINE, KINDS[kind], JUDY, language=language)
    assert text == signed
    assert kind in why


def test_an_agent_signs_without_writing_a_signature_and_as_they_like() -> None:
    email = KINDS["email"]
    assert sign("Hi.", Signature(agent="judy"), email, JUDY, language="en")[0] == "Hi.\n\nJudy Nowers"
    none = Signature(agent="judy", forms={"email": "none"})
    assert sign("Hi.", none, email, JUDY, language="en")[0] == "Hi."
    with pytest.raises(Unfilled, match="agent.name"):
        sign("Hi.", Signature(agent="judy"), email, {}, language="en")


@pytest.mark.parametrize("text", ["It left. ^Judy", "It left.\n– Judy", "It left.\nJudy Nowers"])
def test_nobody_signs_twice(text: str) -> None:
    assert sign(text, MINE, KINDS["x"], JUDY, language="en")[0] == text


@given(st.text(st.characters(categories=["L", "Zs"]), min_size=1, max_size=400))
def test_signing_twice_is_signing_once_and_never_makes_a_piece_more(text: str) -> None:
    for kind in ("x", "sms"):
        channel = KINDS[kind]
        signed, _ = sign(text, MINE, channel, JUDY, language="en", public=True)
        assert sign(signed, MINE, channel, JUDY, language="en", public=True)[0] == signed
        before, after = preview(channel, text, public=True), preview(channel, signed, public=True)
        assert len(after.pieces) <= max(1, len(before.pieces)) or before.refused


def test_a_signature_that_costs_a_message_is_left_out() -> None:
    full = "a" * 158
    text, why = sign(full, MINE, KINDS["sms"], JUDY, language="en")
    assert text == full or len(KINDS["sms"].pieces(text)) == len(KINDS["sms"].pieces(full))
    tight = "a" * (KINDS["x"].limit().size - 3)
    assert sign(tight, MINE, KINDS["x"], JUDY, language="en", public=True) == (
        tight, "not signed: with the signature x would take one piece more",
    )  # fmt: skip
    assert why


@pytest.mark.parametrize("kind", KINDS)
def test_every_channel_previews_by_its_own_measure(kind: str) -> None:
    channel: type[Channel] = KINDS[kind]
    seen = preview(channel, "Hello.")
    assert seen.pieces == ("Hello.",)
    assert (seen.kind, seen.limit, seen.size) == (
        kind,
        channel.limit(public=False).size,
        channel.size("Hello.", public=False),
    )
    assert seen.possible
    long = preview(channel, "A sentence. " * 20_000)
    assert len(long.pieces) > 1 or (long.refused and long.why == "TooLarge") or long.size <= long.limit


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Press **Save** now", "bold in Markdown is shown as it is written: '**Save**'"),
        ("See [the page](https://x.example)", "a Markdown link"),
        ("<b>Hi</b>", "HTML is shown as it is written: '<b>'"),
        ("# Title\ntext", "a Markdown heading"),
        ("fish &amp; chips", "an HTML entity"),
    ],
)
def test_marks_that_nobody_wants_to_read_are_pointed_out(text: str, shown: str) -> None:
    assert any(shown in one for one in preview(KINDS["sms"], text).changed)


@pytest.mark.parametrize("unit", ["__a", "<b ", "[a", "**a", "&amp", "# "])
def test_a_long_text_full_of_marks_is_looked_at_too(unit: str) -> None:
    assert preview(KINDS["email"], unit * 30_000).size >= 60_000


def test_ordinary_words_have_no_marks() -> None:
    for text in ("2 ** 3 and snake__case", "a < b > c", "1 [one] (two)", "#1 of 3", "Tom & Ann"):
        assert preview(KINDS["email"], text).changed == ()


# --- apologies ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "text", "missing"),
    [
        ("en", "We apologise for any inconvenience.", ("next step", "date", "name")),
        ("en-GB", "Sorry for the inconvenience. We will look into it. Judy", ("next step", "date")),
        ("en", "We apologise for the inconvenience on Tuesday.", ("next step", "name")),
        ("nl", "Wij bieden onze excuses aan voor het ongemak.", ("next step", "date", "name")),
        (
            "de",
            "Wir entschuldigen uns für die entstandenen Unannehmlichkeiten.",
            ("next step", "date", "name"),
        ),
        ("fr", "Nous vous présentons nos excuses pour la gêne occasionnée.", ("next step", "date", "name")),
    ],
)
def test_an_apology_that_leads_nowhere_is_pointed_out(
    language: str, text: str, missing: tuple[str, ...]
) -> None:
    remarks = check_apology(text, language)
    assert remarks
    assert remarks[0].missing == missing
    for remark in remarks:
        assert text[remark.start : remark.end] == remark.quote
        assert "tell what happens now" in remark.because


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "We apologise for the inconvenience. I have sent a new lamp today."),
        ("en", "Sorry for the inconvenience, and we call you before Friday 12:00."),
        ("nl", "Excuses voor het ongemak. Ik bel u morgen om 10.00 uur."),
        ("de", "Es tut uns leid. Wir haben Ihnen heute eine neue Lampe geschickt."),
        ("de", "Wir entschuldigen uns für die Verzögerung. Können Sie mir Ihre Bestellnummer nennen?"),
        ("fr", "Veuillez nous excuser pour le retard. Nous vous avons remboursé aujourd’hui."),
        ("en", "The lamp is in stock."),
        ("sv", "Vi ber om ursäkt för besväret."),
        ("en", ""),
    ],
)
def test_a_real_one_is_left_alone(language: str, text: str) -> None:
    assert check_apology(text, language) == ()


def test_a_list_can_be_replaced() -> None:
    ours = Apologies(formal=("oops",), vague=(), steps=("fixed",), whens=(), names=())
    lists = {**LISTS, "en": ours}
    assert check_apology("We apologise for any inconvenience.", "en", lists) == ()
    assert [remark.quote for remark in check_apology("Oops!", "en", lists)] == ["Oops"]
    assert check_apology("Oops! Fixed.", "en", lists) == ()


@given(st.text(max_size=300), st.sampled_from(sorted(LISTS)))
def test_any_text_can_be_checked(text: str, language: str) -> None:
    for remark in check_apology(text, language):
        assert text[remark.start : remark.end] == remark.quote


@pytest.mark.parametrize("language", sorted(LISTS))
@pytest.mark.parametrize(
    "unit", ["we ", "a ", "sorry for the delay ", "is is ", "we apologise for on behalf of a "]
)
def test_a_long_text_takes_no_long_time(language: str, unit: str) -> None:
    """It ends: patterns that looked ahead without a limit would take the square of the length."""
    check_apology(unit * 5000, language)


# --- away notices ---------------------------------------------------------------------------------------------

NOW = datetime(2026, 11, 22, 20, tzinfo=UTC)
MORNING = NOW + timedelta(hours=13)
RULE = AwayRule()


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"rule": None}, "there is no rule"),
        ({"automatic": True}, "a machine wrote"),
        ({"answered": True}, "somebody answered already"),
        ({"promised": None}, "no time was promised"),
        ({"answering": None}, "nobody knows when"),
        ({"answering": NOW}, "somebody is there now"),
        ({"promised": MORNING}, "within the promised time (2026-11-23 09:00 UTC)"),
        ({"told": NOW - timedelta(days=6)}, "not told again before 2026-11-23"),
    ],
)
def test_mostly_nothing_is_said(given: dict[str, object], why: str) -> None:
    asked = {"rule": RULE, "now": NOW, "promised": NOW + timedelta(hours=1), "answering": MORNING, **given}
    notice = away(**asked)  # type: ignore[arg-type]
    assert not notice.say
    assert notice.until is None
    assert why in notice.because[0]


def test_what_would_be_missed_is_told_once_and_with_the_moment() -> None:
    promised = NOW + timedelta(hours=1)
    notice = away(RULE, now=NOW, promised=promised, answering=MORNING, told=NOW - timedelta(days=7))
    assert notice.say
    assert notice.until == MORNING
    again = away(RULE, now=NOW + timedelta(minutes=1), promised=promised, answering=MORNING, told=NOW)
    assert not again.say


@given(st.lists(st.integers(1, 3000), max_size=12), st.integers(60, 2000))
def test_never_twice_within_the_span(gaps: list[int], span: int) -> None:
    """However the messages come: minutes between them."""
    rule, now, told = AwayRule(span=timedelta(minutes=span)), NOW, []
    for gap in gaps:
        now += timedelta(minutes=gap)
        notice = away(
            rule, now=now, promised=now, answering=now + timedelta(hours=9), told=told[-1] if told else None
        )
        told += [now] if notice.say else []
    assert all(after - before >= rule.span for before, after in zip(told, told[1:], strict=False))
    assert bool(told) == bool(gaps)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en-GB", "Nobody is here right now. We answer by Monday, 23 November 2026, 10:00 (Amsterdam time)."),
        (
            "nl",
            "Er is nu niemand aanwezig. U hoort van ons vóór maandag 23 november 2026, 10:00 (tijd in Amsterdam).",
        ),
        (
            "de",
            "Zurzeit ist niemand da. Wir antworten bis Montag, 23. November 2026, 10:00 (Zeit in Amsterdam).",
        ),
        (
            "fr",
            "Personne n’est là. Réponse au plus tard : lundi 23 novembre 2026, 10:00 (heure : Amsterdam).",
        ),
    ],
)
def test_a_notice_says_when_where_the_customer_can_read_it(language: str, said: str) -> None:
    zone = ZoneInfo("Europe/Amsterdam")
    book = Book([AWAY])
    check_away(RULE, book)
    fields: dict[str, FieldValue] = {"away.until": MORNING, "away.place": place(zone, language)}
    assert book.phrase("away", fields, languages=[language], zone=zone).text == said
    with pytest.raises(Unfilled, match=r"away\.until"):
        book.phrase("away", {}, languages=[language], zone=zone)


@pytest.mark.parametrize("text", ["We are away.", "Away[ until {away.until}].", "Until {away.until|soon}."])
def test_a_notice_that_may_not_say_when_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="without telling when"):
        check_away(RULE, Book([Answer(name="away", texts={"en": (text,)})]))


def test_the_answer_of_a_rule_is_there() -> None:
    with pytest.raises(NotFound):
        check_away(AwayRule(answer="gone"), Book([AWAY]))
