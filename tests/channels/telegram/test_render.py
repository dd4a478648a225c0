"""What a draft becomes, beyond the case files: lengths, albums, captions, places, forms, and where the token is."""

from __future__ import annotations

import json
from email.parser import BytesParser
from email.policy import HTTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.channel import Call
from omnichannel.channels.telegram import Telegram
from omnichannel.errors import TooLarge, Unsupported
from omnichannel.model import Address, Attachment, Choice, ContactCard, Location, Option, Party, Text
from omnichannel.toolbox import size
from tests.channels.telegram.given import TOKEN, account, draft, parsed, update

PNG = Attachment(name="a.png", media_type="image/png", content=b"\x89PNG")
PDF = Attachment(name="a.pdf", media_type="application/pdf", content=b"%PDF")
MEGABYTE = 1024 * 1024


def sent(*parts: object, **more: object) -> list[tuple[str, dict]]:
    """The methods that are called, with their fields."""
    return [(call.url.rpartition("/")[2], fields(call)) for call in account().render(draft(*parts, **more))]  # type: ignore[arg-type]


def fields(call: Call) -> dict:
    """A call's fields, read out of JSON or of the form by the standard library."""
    kind = dict(call.headers)["content-type"]
    if kind == "application/json":
        return json.loads(call.body)
    mail = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + call.body)
    found = {}
    for part in mail.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        found[name] = (part.get_filename(), content) if part.get_filename() else content.decode()
    return found


@pytest.mark.parametrize(("letter", "most"), [("x", 4096), ("é", 4096), ("👍", 2048)])
def test_a_text_is_cut_where_telegram_would_refuse_it(letter: str, most: int) -> None:
    """In UTF-16 units, of which there are never fewer than characters."""
    assert [len(call["text"]) for _, call in sent(Text(text=letter * (most + 1)))] == [most, 1]
    assert len(sent(Text(text=letter * most))) == 1


def test_what_stands_beside_a_file_is_its_caption_as_long_as_it_fits() -> None:
    """1024 units; a longer text goes before it on its own."""
    ((method, call),) = sent(Text(text="x" * 1024), PNG)
    assert (method, call["caption"]) == ("sendPhoto", "x" * 1024)
    assert [method for method, _ in sent(Text(text="x" * 1025), PNG)] == ["sendMessage", "sendPhoto"]
    assert [method for method, _ in sent(PNG, Text(text="after"))] == ["sendPhoto", "sendMessage"]
    assert "caption" not in sent(Text(text="  "), PNG)[0][1]


def kinds(*parts: object) -> list[str]:
    return [method for method, _ in sent(*parts)]


def test_albums_are_of_one_sort_and_of_ten_at_most() -> None:
    """Pictures and films together, documents and music each by themselves, all in their order."""
    film = Attachment(name="b.mp4", media_type="video/mp4", content=b"mp4")
    song = Attachment(name="c.mp3", media_type="audio/mpeg", content=b"mp3")
    voice = Attachment(name="d.ogg", media_type="audio/ogg", content=b"ogg")
    gif = Attachment(name="e.gif", media_type="image/gif", content=b"gif")
    assert kinds(*[PNG] * 11) == ["sendMediaGroup", "sendPhoto"]
    assert [len(json.loads(call["media"])) for _, call in sent(*[PNG] * 20)] == [10, 10]
    assert kinds(PNG, film, PDF, PDF, song, song, voice, gif, gif) == [
        "sendMediaGroup", "sendMediaGroup", "sendMediaGroup", "sendVoice", "sendAnimation", "sendAnimation",
    ]  # fmt: skip
    assert kinds(PNG, PDF, PNG) == ["sendPhoto", "sendDocument", "sendPhoto"]


def test_a_caption_of_documents_would_be_the_first_ones_alone() -> None:
    """So it goes before the album as words of its own."""
    assert kinds(Text(text="Both:"), PDF, PDF) == ["sendMessage", "sendMediaGroup"]


@pytest.mark.parametrize(
    ("media_type", "content", "method"),
    [
        ("image/jpeg", 5 * MEGABYTE, "sendPhoto"),
        ("image/jpeg", 10 * MEGABYTE + 1, "sendDocument"),
        ("image/svg+xml", 5, "sendDocument"),
        ("IMAGE/PNG", 5, "sendPhoto"),
        ("video/webm", 5, "sendDocument"),
        ("audio/flac", 5, "sendDocument"),
        ("text/plain", 5, "sendDocument"),
        ("x-anything/at-all", 5, "sendDocument"),
    ],
)
def test_what_telegram_cannot_show_goes_as_a_file(media_type: str, content: int, method: str) -> None:
    """Photos up to 10 MB, MPEG-4, MP3 and M4A, OGG; everything else as it is."""
    assert kinds(Attachment(name="a", media_type=media_type, content=bytes(content))) == [method]


@pytest.mark.parametrize(
    ("part", "error", "cure"),
    [
        (Attachment(name="a"), Unsupported, "neither bytes"),
        (Attachment(name="a", url="ftp://x/a"), Unsupported, "give its bytes"),
        (
            Attachment(name="a", media_type="text/plain", url="https://x/a.txt"),
            Unsupported,
            "PDF, ZIP and GIF",
        ),
        (
            Attachment(name="a", media_type="video/mp4", url="https://x/a", size=21 * MEGABYTE),
            TooLarge,
            "address",
        ),
        (Attachment(name="a", content=bytes(50 * MEGABYTE + 1)), TooLarge, "from a bot"),
    ],
)
def test_what_cannot_be_sent_is_refused_before_anything_is(part: Attachment, error: type, cure: str) -> None:
    """With what is possible instead."""
    with pytest.raises(error, match=cure):
        sent(Text(text="Hi"), part)


def test_a_large_picture_by_its_address_needs_its_bytes() -> None:
    """Telegram fetches photos up to 5 MB, and no other documents by address than three kinds."""
    with pytest.raises(Unsupported, match="give the bytes"):
        sent(Attachment(name="a", media_type="image/png", url="https://x/a.png", size=6 * MEGABYTE))


@pytest.mark.parametrize("answered", ["", "callback:438", "500000002:41", "conn@500000001:41", "nonsense"])
def test_an_answer_points_only_at_a_message_of_the_same_chat(answered: str) -> None:
    """A tapped button, another chat, or another account's view of it: the words go out all the same."""
    ((_, call),) = sent(Text(text="Yes"), thread="500000001", reply_to=answered)
    assert "reply_parameters" not in call


def test_only_the_first_piece_points() -> None:
    """One answer, however many calls it takes."""
    several = sent(Text(text="x" * 5000), thread="500000001", reply_to="500000001:41")
    assert ["reply_parameters" in call for _, call in several] == [True, False]


@pytest.mark.parametrize(
    ("more", "cure"),
    [
        ({"public": True}, "public=False"),
        ({"thread": "-123"}, "public=True"),
        ({"thread": "somewhere"}, "number"),
        ({"to": Party(address=Address(kind="email", value="a@b.nl"))}, "email"),
        ({"cc": (Party(address=Address(kind="telegram", value="5")),)}, "each their own"),
    ],
)
def test_what_would_reach_somebody_else_is_refused(more: dict, cure: str) -> None:
    """A private answer never goes where others read along, nor to an address of another kind."""
    with pytest.raises(Unsupported, match=cure):
        account().render(draft(Text(text="Hi"), **more))


@pytest.mark.parametrize(
    ("options", "error", "cure"),
    [
        ([Option(title=" ")], Unsupported, "title"),
        ([Option(title="Page", url="javascript:alert(1)")], Unsupported, "https"),
        ([Option(title="é" * 33)], TooLarge, "66 bytes"),
        ([Option(title=str(n)) for n in range(101)], TooLarge, "100"),
        ([], Unsupported, "needs options"),
    ],
)
def test_options_that_would_not_work_are_refused(options: list[Option], error: type, cure: str) -> None:
    """Before anything is sent."""
    with pytest.raises(error, match=cure):
        sent(Text(text="?"), Choice(options=tuple(options)))


def test_a_contact_needs_a_number() -> None:
    """Without one it can only be written as words."""
    card = ContactCard(name="Bo", addresses=(Address(kind="email", value="bo@x.nl"),))
    with pytest.raises(Unsupported, match="telephone number of 'Bo'"):
        sent(card)


NAMES = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20)


@given(NAMES, st.from_regex(r"\+[1-9][0-9]{7,13}", fullmatch=True))
def test_a_card_that_is_sent_is_the_card_that_arrives(name: str, number: str) -> None:
    """Name and number, whatever the name."""
    ((_, call),) = sent(ContactCard(name=name, addresses=(Address(kind="phone", value=number),)))
    body = {"message_id": 1, "date": 1772998024, "from": {"id": 5}, "chat": {"id": 5}, "contact": call}
    (event,) = parsed(update("message", body))
    assert event.parts == (ContactCard(name=name, addresses=(Address(kind="phone", value=number),)),)


@given(st.lists(st.sampled_from(["text", "png", "pdf", "place", "card"]), min_size=1, max_size=12))
def test_everything_goes_out_in_its_order(wanted: list[str]) -> None:
    """Whatever is put together with whatever else."""
    parts = [part(kind, number) for number, kind in enumerate(wanted)]
    calls = account().render(draft(*parts))
    found = "".join(call.body.decode("latin-1") for call in calls)
    places = [found.find(f"kit{number}x") for number in range(len(wanted))]
    assert -1 not in places
    files = [place for place, kind in zip(places, wanted, strict=True) if kind in ("png", "pdf")]
    assert files == sorted(files)
    assert all(size(call.text, "utf16") > 0 for call in calls)


def part(kind: str, number: int) -> object:
    mark = f"kit{number}x"
    return {
        "text": Text(text=mark),
        "png": Attachment(name="a.png", media_type="image/png", content=mark.encode()),
        "pdf": Attachment(name="a.pdf", media_type="application/pdf", content=mark.encode()),
        "place": Location(latitude=1, longitude=2, name=mark),
        "card": ContactCard(name=mark, addresses=(Address(kind="phone", value="+31612345678"),)),
    }[kind]


def test_the_token_is_in_the_address_on_the_wire_and_nowhere_else() -> None:
    """Calls are stored: they say `/bot/`, and only our own host ever gets the token, whatever was stored."""
    channel = account()
    (call,) = channel.render(draft(Text(text="Hi")))
    assert call.url == "https://api.telegram.org/bot/sendMessage"
    assert channel.wire_url(call) == f"https://api.telegram.org/bot{TOKEN}/sendMessage"
    other = account(host="http://127.0.0.1:8081").render(draft(Text(text="Hi")))[0]
    assert channel.wire_url(other) == f"https://api.telegram.org/bot{TOKEN}/sendMessage"
    assert TOKEN not in repr(vars(channel)) + repr(channel.bot)


def test_a_sign_goes_where_it_was_heard() -> None:
    """In the group or through the business account where they spoke last, else to themselves."""
    channel, anna = account(), Party(address=Address(kind="telegram", value="500000001"))
    heard = {"": "500000001", "-123:5": "-123", "conn@77:5": "77", "callback:1": "500000001"}
    for external_id, chat in heard.items():
        body = json.loads(channel.signal(anna, "typing", external_id).body)
        assert (body["chat_id"], body["action"]) == (chat, "typing")
    assert json.loads(channel.signal(anna, "typing", "conn@77:5").body)["business_connection_id"] == "conn"
    with pytest.raises(Unsupported, match="seen"):
        channel.signal(anna, "seen")


def test_a_bare_instance_says_the_same_and_cannot_make_links() -> None:
    """A link needs the bot's name."""
    assert Telegram.bare().render(draft(Text(text="Hi"))) == account().render(draft(Text(text="Hi")))
    with pytest.raises(Unsupported, match="username"):
        Telegram.bare().start_link("octx")
