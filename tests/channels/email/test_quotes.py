"""What was written, what was quoted, what is a signature: one table a language, and the properties behind it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.channels.email import quotes
from omnichannel.channels.email.lines import Line, plain_lines
from omnichannel.channels.email.quotes import split

HEAD_NL = (
    "Van: Jan <jan@voorbeeld.nl>\nVerzonden: maandag 3 februari 2025 14:02\nAan: Piet\nOnderwerp: RE: dinsdag"
)
HEAD_DE = (
    "Von: Max <max@beispiel.de>\nGesendet: Montag, 3. Februar 2025 14:02\nAn: Erika\nBetreff: AW: Dienstag"
)
HEAD_FR = "De : Jean <jean@exemple.fr>\nEnvoyé : lundi 3 février 2025 14:02\nÀ : Marie\nObjet : RE: mardi"
HEAD_EN = "From: Bob <bob@x.example>\nSent: Monday, February 3, 2025 2:02 PM\nTo: Ann\nSubject: Re: x"

INTRODUCTIONS = [
    # English
    "On Mon, Feb 3, 2025 at 2:02 PM Bob Smith <bob@x.example> wrote:",
    "On Mon, Feb 3, 2025 at 2:02 PM Bob Smith <\nbob@x.example> wrote:",
    "On Mon, Feb 3, 2025 at 2:02 PM Bob Smith <bob@x.example>\nwrote:",
    "On Feb 3, 2025, at 14:02, Bob Smith <bob@x.example> wrote:",
    "On 2/3/25 2:02 PM, Bob Smith wrote:",
    "On 28 Jan 2016, at 19:04, Bob wrote:",
    "------On 12/29/1987 17:32 PM, Julius Caesar wrote-----",
    "---- On Tue, 22 Dec 2015 14:17:36 +0530 Bob <bob@x.example> wrote ----",
    "On Thu, 31 Mar 2016 at 11:16 Bob\n\n<\nmailto:Bob <bob@x.example>\n> wrote:",
    # Dutch
    "Op ma 3 feb 2025 om 14:02 schreef Jan de Vries <jan@voorbeeld.nl>:",
    "Op ma 3 feb 2025 om 14:02 schreef Helpdesk Groothandel Nederland <\nhelp@groothandel.example>:",
    "Op 03-02-2025 om 14:02 schreef Jan de Vries:",
    "Op 3 feb. 2025 om 14:02 heeft Jan de Vries <jan@voorbeeld.nl> het volgende geschreven:",
    'Op 16 aug. 2014 05:13 schreef "jan" <jan@voorbeeld.nl> het\nvolgende geschreven:',
    # German
    "Am Mo., 3. Feb. 2025 um 14:02 Uhr schrieb Max Muster <max@beispiel.de>:",
    "Am 03.02.25 um 14:02 schrieb Max Muster:",
    "Max Muster <max@beispiel.de> schrieb am Fr., 28.\nApr. 2017 um 11:53 Uhr:",
    'Am 21.04.2016 17:48 schrieb "Max Muster" <max@beispiel.de\n>:',
    # French
    "Le lun. 3 févr. 2025 à 14:02, Jean Dupont <jean@exemple.fr> a écrit :",
    "Le lun. 3 févr. 2025 à 14:02, Jean Dupont <jean@exemple.fr> a\nécrit :",
    "Le 03/02/2025 à 14:02, Jean Dupont a écrit :",
    # others
    "El lun, 3 feb 2025 a las 14:02, Juan (<juan@ejemplo.es>) escribió:",
    "Den fre 28 feb. 2025 10:15 Anna <anna@exempel.se> skrev:",
    "ons 4 dec. 2024 kl. 20:42 skrev Anna <anna@exempel.se>:",
    "20 окт. 2016 г. 19:37 пользователь «Иван» <ivan@primer.example> написал:",
    "Vào 14:24 8 tháng 6, 2017, Hùng <hung@vidu.example> đã viết:",
    "2016-10-24 15:36 GMT+02:00 Bob <bob@x.example>:",
    "26.06.2014, 14:41, «Bob» <bob@x.example>:",
    "El lunes, 3 de febrero de 2025, bob escribió:",
    "Em segunda-feira, 3 de fevereiro de 2025, bob escreveu:",
    "понедельник, 3 февраля 2025 г. пользователь bob написал:",
    "poniedziałek, 3 lutego 2025 bob napisał(a):",
    "---- Bob Smith wrote ----",
]
CUTS = [
    HEAD_NL,
    HEAD_DE,
    HEAD_FR,
    HEAD_EN,
    "________________________________\n" + HEAD_EN,
    "-----Original Message-----\nFrom: Bob",
    "-------- Oorspronkelijk bericht --------\nVan: Jan",
    "-----Ursprüngliche Nachricht-----\nVon: Max",
    "-----Message d'origine-----\nDe : Jean",
    "---------- Forwarded message ---------\nFrom: Bob <bob@x.example>",
    "---------- Doorgestuurd bericht ---------\nVan: Jan",
    "Begin forwarded message:\n\nFrom: Bob <bob@x.example>",
    "*From:* Bob [mailto:bob@x.example]\n*Sent:* Monday\n*To:* Ann\n*Subject:* Hello",
    'Gesendet: Montag, 03. Februar 2025 um 14:02 Uhr\nVon: "Max" <max@beispiel.de>\nBetreff: Dienstag',
    "Subject: \tNews\nDate: \tFri, 19 Jun 2009 19:16:04 +0200\nFrom: \tBob <bob@x.example>",
    "Fra: Hanne <hanne@eksempel.dk>\nSendt: 24. november 2025 09:30\nEmne: Filerne",
    "From: Bob <bob@x.example>\nDate: Mon, 3 Feb 2025",
    "-------- Oprindelig besked --------\nFra: Hanne",
    "-----Antwort Nachricht-----",
    "=====\n\nMessage du : 03/02/2025 14:02\nDe : Bob <bob@x.example>\nCopie à :\nSujet : mardi",
    "Original Message processed by david®\nRE: Dienstag 3. Februar 2025, 14:02 Uhr\nVon Max",
]
SIGNATURES = [
    "-- \nJan de Vries\n+31 20 123 45 67",
    "--\nJan",
    "Met vriendelijke groet,\n\nJan de Vries\nBedrijf B.V.",
    "Mit freundlichen Grüßen\nMax Muster",
    "Cordialement,\nJean Dupont\n01 23 45 67 89",
    "Kind regards,\nBob",
    "Mvg,\nJan",
    "-Bob Smith",
    "Sent from my iPhone",
    "Verstuurd vanaf mijn iPhone",
    "Verzonden met BlackBerry Work",
    "Von meinem iPhone gesendet",
    "Diese Nachricht wurde von meinem Android-Mobiltelefon mit K-9 Mail gesendet.",
    "Envoyé de mon iPhone",
    "Envoyé depuis mon Galaxy",
    "Get Outlook for iOS<https://aka.ms/o0ukef>",
    "Outlook voor iOS downloaden<https://aka.ms/o0ukef>",
    "Sent from my cell, please excuse any typos.",
    "_______________________________________________\nusers mailing list\nusers@lists.example.org",
    "Kind regards,\nBob\n\nSent from my iPhone",
    "-Bob.\n\nSent from my HTC smartphone!",
    "Sent wirelessly from my BlackBerry device on the Bell network.",
    "Kh\nPeter",
    "De bedste hilsner\nHanne",
]
WRITTEN = [
    "Op maandag bel ik u graag terug.\n\nOp dinsdag schreef ik al een mail.",
    'Ik bestelde op 3 mei:\n\n- schoenen\n\nOp 5 mei 2024 schreef u:\n"Uw pakket is onderweg"\n\nMaar het kwam nooit.',
    "On 5 May 2024 you wrote:\nwe will refund you.\n\nNothing came.",
    "Am 3. Mai 2024 schrieben Sie:\ndas Paket ist da.\n\nEs ist nicht da.",
    "I would like to book:\n\nFrom: Amsterdam\nTo: Berlin\nDate: 12 May\n\nIs that possible?",
    "From: Сергей\nДобрый день.",
    "On Thursday, I get proper rendering.",
    "Sent from my desk, is much easier then my mobile phone.\nReally.",
    "Bedankt,\n\nik heb nog een vraag. Kan ik dit ruilen? Het is te groot en ik wil een andere maat.",
    "Title\n-----\nSome text that goes on and on.\n\nOther\n-----\nMore text here, and no signature.",
    "Code:\n\n```\n-- a comment\nselect 1;\n```",
    "And here is a fix -- this is not a signature.\n\nkthxbai",
    "We need:\n- Apples\n- Pears",
    "We need:\n\n- Pears",
    "I would like to have\n- blue",
    "Kan je helpen?\n\nGroet,\nJan\n\nPS: het nummer is 1234",
    "Can you help?\n-- \nJan\nP.S. the number is 1234",
    "These are the prices:\n\n| shoes | 40 |\n| socks | 5 |",
    "> Only a quote.",
    "Sent from my iPhone",
    "Regards",
]


def roles(text: str, sender: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for segment in split(plain_lines(text), sender):
        found[segment.role] = (found.get(segment.role, "") + "\n" + segment.text).strip("\n")
    return found


@pytest.mark.parametrize("introduction", INTRODUCTIONS)
@pytest.mark.parametrize("gap", ["\n\n", "\n"])
def test_what_follows_an_introduction_is_quoted(introduction, gap):
    found = roles(f"Dat is goed.{gap}{introduction}\n\n> Kun je dinsdag?\n> Groet")
    assert found["written"] == "Dat is goed."
    assert found["quoted"].startswith(introduction.split("\n")[0])


@pytest.mark.parametrize("introduction", INTRODUCTIONS)
def test_programs_that_mark_no_quoted_lines_quote_everything_below(introduction):
    found = roles(f"Dat is goed.\n\n{introduction}\n\nKun je dinsdag?\n\nGraag.")
    assert found["written"] == "Dat is goed."
    assert found["quoted"].endswith("Graag.")


@pytest.mark.parametrize("introduction", INTRODUCTIONS)
def test_an_answer_below_the_quote_is_what_was_written(introduction):
    found = roles(f"{introduction}\n> Kun je dinsdag?\n\nDat is goed.")
    assert found["written"] == "Dat is goed."


@pytest.mark.parametrize("cut", CUTS)
def test_a_copied_header_or_a_rule_begins_what_is_quoted(cut):
    found = roles(f"Dat is goed.\n\n{cut}\n\nKun je dinsdag?\n\nGraag.")
    assert found["written"] == "Dat is goed."
    assert found["quoted"] == f"{cut}\n\nKun je dinsdag?\n\nGraag."


@pytest.mark.parametrize("signature", SIGNATURES)
@pytest.mark.parametrize(
    "below", ["", f"\n\n{HEAD_NL}\n\nKun je?", "\n\nOn 2/3/25 2:02 PM, Bob wrote:\n> Tuesday?"]
)
def test_a_signature_at_the_end_of_what_was_written_is_told_apart(signature, below):
    found = roles(f"Dat is goed.\n\n{signature}{below}")
    assert found["written"] == "Dat is goed."
    assert found["signature"] == signature.replace("-- \n", "--\n")


@pytest.mark.parametrize("text", WRITTEN)
def test_what_only_looks_like_a_quote_or_a_signature_stays_written(text):
    assert roles(
        f"Hallo,\n\n{text}" if not text.startswith((">", "Sent from my i", "Regards")) else text
    ).keys() == {"written"}


def test_the_senders_name_over_short_lines_begins_a_signature():
    text = "Please call me.\n\nGina Smith\ngina@x.example\n(555) 346-9947"
    assert roles(text, "Gina Smith")["written"] == "Please call me."
    assert roles(text)["written"] == text


def test_an_address_that_was_announced_is_no_signature():
    text = "Please send it to:\n\nGina Smith\nMain Street 1\nLondon"
    assert roles(text, "Gina Smith") == {"written": text}


@pytest.mark.parametrize(
    "written",
    [
        "Op dinsdag kan ik",
        "Op dinsdag",
        "In the end\nit went well",
        "3 boxes are fine",
        "See below (the list)",
        "Please ask Ann <ann@x.example>",
    ],
)
@pytest.mark.parametrize(
    "introduction",
    [
        "On Mon, Feb 3, 2025 at 2:02 PM Bob Smith <bob@x.example> wrote:",
        "Op ma 3 feb 2025 om 14:02 schreef Jan de Vries <\njan@voorbeeld.nl>:",
        "Max Muster <max@beispiel.de> schrieb am Fr., 28.\nApr. 2017 um 11:53 Uhr:",
    ],
)
def test_the_line_above_an_introduction_is_no_part_of_it(written, introduction):
    found = roles(f"Hallo\n\n{written}\n{introduction}\n\n> Kun je dinsdag?")
    assert found["written"] == f"Hallo\n\n{written}"


@pytest.mark.parametrize(
    "introduction",
    [
        "On Monday,\n3 February 2025, Bob Smith <bob@x.example> wrote:",
        "On\nMon, Feb 3, 2025 at 2:02 PM Bob Smith <bob@x.example> wrote:",
        "On 3 February 2025 at 14:02,\nSunny Bakery <sunny@x.example> wrote:",
        "El lunes, 3\nde febrero de 2025, bob escribió:",
    ],
)
def test_an_introduction_that_was_wrapped_is_one(introduction):
    assert roles(f"Hallo\n\n{introduction}\n\n> Kun je dinsdag?")["written"] == "Hallo"


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Can you tell us whether the parcel arrived, and in which state it is today?", "yes, it did"),
        ("Where is it?", "https://x.example/photo"),
    ],
)
def test_a_short_answer_below_a_whole_question_is_written(question, answer):
    text = f"Hi\n\nOn 2/3/25 2:02 PM, Bob wrote:\n> {question}\n{answer}\n> Regards"
    assert roles(text)["written"] == f"Hi\n{answer}"


def test_answers_between_quoted_lines_keep_the_lines_that_they_answer():
    text = "On 2/3/25 2:02 PM, Bob wrote:\n> One?\nYes.\n> Two?\nNo.\n\n> Rest"
    found = roles(text)
    assert found["written"] == "On 2/3/25 2:02 PM, Bob wrote:\n> One?\nYes.\n> Two?\nNo."
    assert found["quoted"] == "> Rest"


def test_answers_above_and_below_one_quote_are_both_written_and_stay_in_order():
    segments = split(plain_lines("Above\n\nOn 2/3/25 2:02 PM, Bob wrote:\n> Tuesday?\n\nBelow"))
    assert [(one.role, one.text) for one in segments] == [
        ("written", "Above"),
        ("quoted", "On 2/3/25 2:02 PM, Bob wrote:\n> Tuesday?"),
        ("written", "Below"),
    ]


def test_quoted_lines_that_a_program_broke_stay_quoted():
    long = "> " + "word " * 15
    assert roles(f"Hi\n\nOn 2/3/25 2:02 PM, Bob wrote:\n{long}\nbroken off\n> more")["written"] == "Hi"
    assert roles("Hi\n\nOn 2/3/25 2:02 PM, Bob wrote:\n> a\n (http://x.example/1) >\n> b")["written"] == "Hi"
    link = "On 2/3/25 2:02 PM, Bob wrote:\n> See (http://x.example/action?\nid=3dd518)\n>"
    assert roles(f"Hi\n\n{link}")["written"] == "Hi"


def test_lines_with_a_bar_before_them_are_quoted():
    text = "Hi\n\nOn 2/3/25 2:02 PM, Bob wrote:\n| Tuesday?\n|\n| | Monday?"
    assert roles(text)["written"] == "Hi"


def test_a_quote_with_its_introduction_inside_is_set_apart_above_an_answer():
    assert roles("> On 2/3/25 2:02 PM, Bob wrote:\n> Tuesday?\n\nYes")["written"] == "Yes"
    assert roles("> Begin forwarded message:\n>\n> Tuesday?\n\nSee above")["written"] == "See above"


def test_a_quote_without_introduction_above_an_answer_stays_with_it():
    assert roles("> Tuesday?\n\nYes")["written"] == "> Tuesday?\n\nYes"


def test_the_marks_of_html_decide_before_the_words_do():
    lines = [Line("Hello"), Line("Bob", "signature"), Line("quoted", "quoted"), Line("", "cut"), Line("rest")]
    assert [(one.role, one.text) for one in split(lines)] == [
        ("written", "Hello"),
        ("signature", "Bob"),
        ("quoted", "quoted\n\nrest"),
    ]


def test_lines_beyond_the_limit_go_with_the_last_one_before_it(monkeypatch):
    monkeypatch.setattr(quotes, "MOST_LINES", 2)
    assert roles("a\n> b\nc\nd") == {"written": "a", "quoted": "> b\nc\nd"}


ANY_LINE = st.one_of(
    st.sampled_from(
        [
            "", "> a", ">> b", "-- ", "--", "Hello there", "On 2/3/25 2:02 PM, Bob wrote:", "wrote:", "<a@b.nl>",
            "From: Bob <bob@x.example>", "Sent: today", "-----Original Message-----", "Kind regards,", "Bob",
            "Sent from my iPhone", "_____", "```", "Begin forwarded message:", "> Begin forwarded message:", "---",
        ]
    ),
    st.text(max_size=20),
)  # fmt: skip


@given(st.lists(ANY_LINE, max_size=25), st.sampled_from(["", "Bob"]))
def test_every_line_of_a_body_is_in_exactly_one_segment_and_in_its_order(given_lines, sender):
    lines = plain_lines("\n".join(given_lines))
    found = [line for one in split(lines, sender) for line in one.text.split("\n") if line.strip()]
    assert found == [line.text for line in lines if line.text.strip()]


@given(st.lists(ANY_LINE, min_size=1, max_size=25))
def test_a_body_with_words_always_has_written_words(given_lines):
    lines = plain_lines("\n".join(given_lines))
    written = [one for one in split(lines) if one.role == "written"]
    assert bool(written) is any(line.text.strip() for line in lines)


@pytest.mark.parametrize(
    "pump",
    [
        "\n", "On ", "On \n", "Op maandag \n", "> ", ">\n", "> a\n", ">", "wrote:\n", "On 1/1/25 10:00, a@b.nl\n", "<a@b.nl>\n",
        "From: a@b.nl\n", "Van: x\n", "-- \n", "--\n", "_", "- ", "Kind regards,\n", "Sent from my iPhone\n", "```\n",
        "a" * 70 + "\n", "On 2/3/25 2:02 PM, Bob wrote:\n", "> On 2/3/25 2:02 PM, Bob wrote:\n\n", "-----Original Message-----\n",
        "> a\nb\n", "On On On ", "schreef ", "@", "<", "(http://x.example) >\n", "Begin forwarded message:\n\n", "=-_",
        "| ", "|", "PS\n", "P.", "- Bob\n", "-- Bob", "Op dinsdag kan ik 3 feb 2025\n", "Ann <a@b.nl> On 3 feb 2025\n",
        "On 3 feb 2025 Bob wrote\n", "> http://x.example/\na\n",
    ],
)  # fmt: skip
def test_a_pumped_body_is_split_in_linear_time(pump):
    """What defeats email-reply-parser, talon and mail-parser-reply for minutes."""
    text = pump * (200_000 // len(pump))
    began = time.process_time()
    split(plain_lines(text), "Bob")
    assert time.process_time() - began < 5
