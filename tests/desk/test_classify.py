"""What is made of a message: cases that people would agree on, in English, in Dutch, and in what is neither."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omnichannel.desk.classify import BuiltIn, Intent, Likely, Reading, read
from omnichannel.desk.classify.language import language_of
from omnichannel.desk.classify.own import HEAD, TAIL, own_words

Q, P, C, K, F, S = Intent


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Where is my order?", Q),
        ("Waar is mijn bestelling?", Q),
        ("What are your opening hours on Sunday?", Q),
        ("Hoe laat gaan jullie zondag open?", Q),
        ("The app crashes every time I open it.", P),
        ("De app loopt steeds vast als ik hem open.", P),
        ("I never received my parcel.", P),
        ("Mijn pakket is nooit aangekomen.", P),
        ("This is a disgrace, I am furious about your service!", C),
        ("Wat een schande, ik ben woedend over jullie service!", C),
        ("Thank you so much, wonderful service!", K),
        ("Hartelijk dank, geweldige service!", K),
        ("It would be nice if the app had a dark mode.", F),
        ("Het zou fijn zijn als de app een donkere modus had.", F),
        ("Congratulations, you have been selected to win a free iPhone, click here to claim your prize", S),
        ("Gefeliciteerd, u bent geselecteerd om een gratis iPhone te winnen, klik hier voor uw prijs", S),
    ],
)
def test_what_somebody_wants(text: str, intent: Intent) -> None:
    """One intent each, the same in both languages."""
    assert read(text).intent == intent


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Thanks, but it still does not work.", "en"),
        ("Bedankt, maar het werkt nog steeds niet.", "nl"),
        ("Thank you for the new router but the wifi is still not working", "en"),
        ("Dank voor de nieuwe router, maar de wifi doet het nog altijd niet", "nl"),
    ],
)
def test_thanks_but_is_a_problem(text: str, language: str) -> None:
    """What comes after the "but" is what is meant."""
    reading = read(text)
    assert reading.intent == P
    assert not reading.holds(K)
    assert reading.language.tag == language


@pytest.mark.parametrize(
    "text",
    [
        "Great, another delay. Love it.",
        "Oh wonderful, my flight is cancelled again 🙄",
        "Thanks for nothing",
        "Geweldig, alweer vertraging.",
        "Fijn, mijn trein is weer te laat. Voor de derde keer deze week.",
        "Bedankt voor niets",
        "Lekker dan, weer een storing",
    ],
)
def test_irony_is_no_compliment(text: str) -> None:
    """Friendly words, unfriendly meant."""
    reading = read(text)
    assert reading.tone < 0
    assert not reading.holds(K)
    assert reading.holds(C) or reading.holds(P)


@pytest.mark.parametrize(
    ("friendly", "unfriendly"),
    [
        ("I am happy with it.", "I am not happy with it."),
        ("Ik ben er blij mee.", "Ik ben er niet blij mee."),
        ("Very good service.", "Very bad service."),
        ("Heel goede service.", "Heel slechte service."),
        ("We loved the food.", "We hated the food."),
    ],
)
def test_a_denial_turns_the_tone(friendly: str, unfriendly: str) -> None:
    """The same words, and one that turns them round."""
    assert read(friendly).tone > read(unfriendly).tone
    assert read(unfriendly).tone < 0


@pytest.mark.parametrize(
    "text",
    [
        "> Thank you so much, wonderful service, I love it!\nMy parcel is still missing.",
        "My parcel is still missing.\n\nOn Monday 3 May, the shop wrote:\nThank you so much, we love you, wonderful!",
        'You say "the best and friendliest service in the whole country" but my parcel is still missing.',
        "Mijn pakket is nog steeds kwijt.\n\nOp 3 mei schreef de winkel:\nHartelijk dank, geweldig, we houden van u!",
    ],
)
def test_what_others_said_does_not_count(text: str) -> None:
    """Quotations are somebody else's words."""
    assert read(text).holds(P)
    assert not read(text).holds(K)


def test_a_quotation_by_itself_is_read() -> None:
    """Where nothing else is left, it is better than nothing."""
    assert own_words("> Where is it?") == "> Where is it?"


def test_several_may_hold() -> None:
    """A question, and what is wrong."""
    reading = read("My order says delivered but I never received it. Where is my parcel?")
    assert reading.holds(Q)
    assert reading.holds(P)


@pytest.mark.parametrize(
    ("hurried", "calm"),
    [
        ("Please block my card right now, it was stolen!", "Please send me a new card for next year."),
        ("SPOED: er staat water in de kelder, kom direct!", "Kunt u een keer naar de kelder kijken?"),
        ("Production is down for all our users, we need someone now!", "How do I export a project?"),
    ],
)
def test_what_cannot_wait(hurried: str, calm: str) -> None:
    """The urgent one is more urgent, and the other is not urgent at all."""
    assert read(hurried).urgency > 0.5 > 0.2 > read(calm).urgency


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("Where is my parcel, I ordered it last week", "en"),
        ("Waar is mijn pakket, ik heb het vorige week besteld", "nl"),
        ("Wo ist mein Paket, ich habe es letzte Woche bestellt", "de"),
        ("Où est mon colis, je l'ai commandé la semaine dernière", "fr"),
        ("¿Dónde está mi paquete? Lo pedí la semana pasada", "es"),
        ("Gdzie jest moja paczka, zamówiłem ją w zeszłym tygodniu", "pl"),
        ("Где моя посылка, я заказал её на прошлой неделе", "ru"),
        ("荷物はどこですか、先週注文しました", "ja"),
        ("我的包裹在哪里", "zh"),
        ("제 소포는 어디에 있나요", "ko"),
        ("Πού είναι το δέμα μου", "el"),
        ("أين طردي لقد طلبته الأسبوع الماضي", "ar"),
        ("", "und"),
        ("12345 !!! 👍", "und"),
        ("https://shop.example/order @shop", "und"),
    ],
)
def test_the_language(text: str, tag: str) -> None:
    """Told by letters alone; without any, it is not known."""
    assert language_of(text).tag == tag


@pytest.mark.parametrize(
    "text", ["Wo ist mein Paket?", "Où est ma commande, s'il vous plaît ?", "荷物はどこですか？"]
)
def test_other_languages_are_read_by_signs(text: str) -> None:
    """And it is said that the words were not understood."""
    reading = read(text)
    assert reading.intent == Q
    assert not reading.understood
    assert all(sign.what.startswith("[") for sign in reading.signs)


def test_what_shows_no_sign_is_unknown() -> None:
    """No guess where nothing is known."""
    reading = read("Paketti on edelleen matkalla, luulen.")
    assert reading.language.tag == "fi"
    assert reading.intent is None
    assert not reading.understood


def test_a_hint_tips_the_scales() -> None:
    """Where the text is too short to tell; never against what the text plainly is."""
    assert language_of("ok", hint="nl-BE").tag == "nl-BE"
    assert language_of("👍", hint="nl").tag == "nl"
    assert language_of("Where is my parcel, I ordered it last week", hint="nl").tag == "en"
    assert language_of("", hint="not a tag!").tag == "und"


def test_evidence_names_words() -> None:
    """A person sees what spoke for it, with its weight and about what."""
    reading = read("My parcel is broken and I never received the invoice")
    assert {sign.about for sign in reading.signs} <= {*Intent, "tone"}
    assert any("broken" in sign.what and sign.weight > 0 for sign in reading.signs)


def test_intents_are_there_all_and_in_order() -> None:
    likely = read("Where is my order?").intents
    assert {each.intent for each in likely} == set(Intent)
    assert list(likely) == sorted(likely, key=lambda each: -each.probability)


def test_a_reading_survives_json() -> None:
    reading = read("Bedankt voor de snelle hulp!")
    assert Reading.model_validate_json(reading.model_dump_json()) == reading


def test_an_empty_reading_says_nothing() -> None:
    assert Reading().intent is None
    assert Reading().probability(Q) == 0
    assert not Reading(intents=(Likely(intent=Q, probability=0.4),)).holds(Q)


async def test_the_built_in_one_reads() -> None:
    """The door that a model of one's own goes through as well."""
    assert await BuiltIn().classify("Where is it?", channel="x") == read("Where is it?")


# --------------------------------------------------------------------------------------------------- any text


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=400), st.sampled_from(["", "nl", "en-GB", "de", "☃", "x-"]))
def test_any_text_is_read_and_always_the_same(text: str, hint: str) -> None:
    """Nothing is raised, whatever is written and hinted; nothing but the text decides."""
    reading = read(text, language=hint)
    assert reading == read(text, language=hint)
    assert -1 <= reading.tone <= 1
    assert all(0 <= each.probability <= 1 for each in reading.intents)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "not",
                "niet",
                "but",
                "maar",
                "great",
                "slecht",
                "?",
                "!",
                "\n",
                ">",
                '"',
                ":)",
                "🙄",
                "http://x.y",
                "é",
            ]
        ),
        max_size=60,
    )
)
def test_odd_mixtures_are_read(words: list[str]) -> None:
    read(" ".join(words))


@pytest.mark.parametrize(
    "text",
    [
        "a" * 1_000_000,
        "> " * 500_000,
        '"' * 1_000_000,
        "On " * 300_000,
        "great " * 200_000,
        "\ud800" * 1000,
        "http://" * 100_000,
        "?!" * 300_000,
        "(" * 500_000,
        "1 " * 400_000,
    ],
)
def test_a_long_text_costs_no_more_than_its_two_ends(text: str) -> None:
    """Of a million characters four thousand are read; no pattern runs away on them."""
    assert len(own_words(text)) <= HEAD + TAIL + 1
    read(text)


def test_what_is_wanted_at_the_end_of_a_long_text_is_found() -> None:
    story = "We went to the seaside and it was a long day. " * 200
    assert read(
        story + "\nI want to file a complaint, this is unacceptable and your service is terrible."
    ).holds(C)
