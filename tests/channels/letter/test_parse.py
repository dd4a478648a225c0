"""A scan becomes one message, whatever is in it; and its bytes can be had again."""

from __future__ import annotations

import json

import pytest

from omnichannel.channel import Delivery
from omnichannel.channels.letter import Letter
from omnichannel.channels.letter.parse import READING, UNREAD, media_type_of
from omnichannel.errors import Forged, Malformed, NotFound
from omnichannel.model import Attachment, System
from tests.channels.letter.given import ANN, account, arrives, draft, pdf, picture, reading


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (pdf("x"), "application/pdf"),
        (b"\r\n\0junk%PDF-1.3 after a printer's prologue", "application/pdf"),
        (picture("PNG"), "image/png"),
        (picture("JPEG"), "image/jpeg"),
        (picture("TIFF"), "image/tiff"),
        (b"MM\x00*" + bytes(8), "image/tiff"),
        (b"PK\x03\x04 a document", ""),
        (b"", ""),
        (bytes(2000) + b"%PDF-1.4", ""),
    ],
)
def test_a_scan_is_known_by_its_first_bytes(body: bytes, media_type: str) -> None:
    """Names and media types are what scanners make of them."""
    assert media_type_of(body)[0] == media_type


def test_the_same_bytes_are_the_same_letter() -> None:
    """Under whatever name, whenever, by whatever way it comes."""
    body = pdf("Beste mensen,", "tot morgen!")
    ids = {
        arrives(Letter.bare(), body).external_id,
        arrives(account(), body, url="file:///b.pdf").external_id,
    }
    assert len(ids) == 1
    assert arrives(account(), pdf("Beste mensen,", "tot overmorgen!")).external_id not in ids


def test_strangers_never_share_an_address() -> None:
    """Two letters without a sender are of two people, until somebody says otherwise."""
    one, other = (
        arrives(account(), pdf("Beste mensen,", words)) for words in ("hallo allemaal", "dag allemaal")
    )
    assert one.sender.address != other.sender.address
    assert one.strength.value == "asserted"


def test_our_own_letter_that_comes_back_is_from_whom_it_went_to() -> None:
    """Somebody wrote on it and sent it back: our reference and the mark find the conversation."""
    letter = account(outbox="/")
    (call,) = letter.render(draft("Beste Ann,", token="ocm" + "abcdefgh" * 5))
    found = arrives(letter, call.body)
    assert found.sender.address == ANN.address
    assert found.reply_to == call.correlator
    assert found.tokens == ("ocm" + "abcdefgh" * 5,)
    assert found.thread == ""


def test_a_picture_that_nobody_read_is_a_letter_with_a_remark() -> None:
    found = arrives(account(), picture("TIFF"))
    assert [part.type for part in found.parts] == ["attachment", "system"]
    (remark,) = (part for part in found.parts if isinstance(part, System))
    assert remark.what == "unread"
    assert "ocrmypdf" in remark.text


def test_what_the_source_read_is_not_read_again() -> None:
    """A body that would break the reader costs nothing once its reading, or why there is none, came with it."""
    broken = b"%PDF-1.4 broken"
    told = reading().model_dump_json()
    assert arrives(account(), broken, headers=[(READING, told)]).parts[-1].type == "system"
    assert "too long" in str(arrives(account(), broken, headers=[(UNREAD, "too long")]).parts[-1])


@pytest.mark.parametrize("body", [b"", b"PK\x03\x04", b"{}", b"[]", b'{"data":{"type":"letters"}}', b"{"])
def test_what_is_neither_scan_nor_webhook_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        list(account().parse(Delivery(body=body)))


def test_the_file_of_a_letter_can_be_had() -> None:
    letter, body = account(), picture("PNG")
    delivery = Delivery(source="file", body=body)
    (scan, _) = arrives(letter, body).parts
    assert isinstance(scan, Attachment)
    assert (scan.name, letter.content(delivery, scan)) == ("letter.png", body)
    for other in (scan.model_copy(update={"sha256": "0" * 64}), scan.model_copy(update={"index": 1})):
        with pytest.raises(NotFound):
            letter.content(delivery, other)


def test_names_of_files_are_cleaned() -> None:
    found = arrives(account(), picture(), headers=[("x-omnichannel-name", "../../etc/pass\x00wd\u202e.jpg")])
    assert found.parts[0].model_dump()["name"] == ".._.._etc_passwd.jpg".lstrip(".")


def test_nothing_but_pingen_comes_by_webhook() -> None:
    with pytest.raises(Forged):
        account().admit(Delivery(body=picture()))
    assert account().admit(Delivery(source="poll")).keep


def webhook(**changes: object) -> bytes:
    data = {
        "type": "webhook_sent",
        "id": "1",
        "attributes": {"created_at": "2026-07-29T11:23:11+0200"},
        "relationships": {"letter": {"data": {"type": "letters", "id": "2"}}},
    }
    return json.dumps({"data": {**data, **changes}}).encode()


def test_a_webhook_needs_an_id_and_a_letter() -> None:
    (event,) = account().parse(Delivery(body=webhook()))
    assert event.model_dump()["sent_at"].isoformat() == "2026-07-29T09:23:11+00:00"
    for body in (webhook(id=""), webhook(relationships={})):
        with pytest.raises(Malformed, match="is missing"):
            list(account().parse(Delivery(body=body)))


def test_news_of_other_things_is_set_aside() -> None:
    (event,) = account().parse(Delivery(body=webhook(type="webhook_channel_subscriptions")))
    assert event.model_dump()["reason"] == "not_letter"
