"""Everything of one customer, and nothing of anybody else."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from omnichannel import Inbox
from omnichannel.channel import Batch, Delivery
from omnichannel.channels.email import Email
from omnichannel.errors import UsageError
from omnichannel.inbox.rights.archive import contents, write, zipped
from omnichannel.model import Conversation, Export
from tests.chat import delivery
from tests.engines import HandClock
from tests.inbox.desk import Desk
from tests.inbox.rights.life import ANNA, BEN, HIS, MAIL, PHONE, ids_of_the_whole, item, lived


async def exported(desk: Desk) -> Export:
    return await desk.inbox.identity.export((await lived(desk)).hers, actor="zoe")


def deliveries(export: Export) -> dict[str, Delivery]:
    return {
        file.about: Delivery.model_validate_json(file.content)
        for file in export.files
        if file.path.startswith("deliveries/")
    }


async def test_it_holds_who_she_is_what_was_said_and_how_it_came(desk: Desk) -> None:
    export = await exported(desk)
    assert {reached.address for reached in export.customer.addresses} == {ANNA, MAIL, PHONE}
    assert {(fact.field, fact.value) for fact in export.stated} >= {
        ("name", "Annabel Zwart"), ("street", "Dorpsstraat 5"),
    }  # fmt: skip
    texts = [message.text for message in export.messages]
    for said in (
        "where is my kastanje?",
        "kastanjes",
        "kastanje by post",
        "kastanje in public: a disgrace, the worst service ever",
        "kastanje of before",
    ):
        assert said in texts
    assert "your kastanje is coming" in texts, "what we said to her"
    assert "Annabel wants her kastanje" in texts, "our notes about her"
    assert [carried.account for carried in export.carried] == ["letter"]
    assert {message.conversation for message in export.messages} == {one.id for one in export.conversations}
    assert all(isinstance(one, Conversation) for one in export.conversations)
    assert len(export.readings) >= len(export.cases) > 0, "what was made of her words"
    raw = deliveries(export)
    assert {message.delivery for message in export.messages if message.delivery} <= set(raw)


async def test_it_holds_which_standard_answers_were_for_her(desk: Desk) -> None:
    life = await lived(desk)
    export = await desk.inbox.identity.export(life.hers, actor="zoe")
    told = [(use.answer, use.how, use.customer) for use in export.uses]
    assert told == [
        ("order", "refused", life.hers),
        ("order", "as_is", life.hers),
        ("away", "as_is", life.hers),
    ]


async def test_it_holds_what_we_said_of_her_in_fields_of_our_own(desk: Desk) -> None:
    life = await lived(desk)
    export = await desk.inbox.identity.export(life.hers, actor="zoe")
    assert [(one.name, one.value) for one in export.fields] == [("likes", "a kastanje")]
    assert {"about": "a kastanje"} in [case.fields for case in export.cases]


async def test_it_holds_nothing_of_anybody_else(desk: Desk) -> None:
    """Not his words in one thread or webhook with hers, nor his reaction, nor that he named her, nor who was parted.

    But the platform's id of what she reacted to, for that is her own doing.
    """
    export = await exported(desk)
    for path, content in contents(export):
        assert [word for word in HIS if word.encode() in content] == [], path
    words = [word for word in HIS if word != "mid-ben"]
    for raw in deliveries(export).values():
        assert [word for word in words if word.encode() in raw.body] == []
    assert [m.reactions for m in export.messages if m.text.startswith("kastanje in public")] == [()]


async def test_of_a_webhook_with_several_peoples_items_hers_are_there(desk: Desk) -> None:
    export = await exported(desk)
    bodies = [raw.body for raw in deliveries(export).values()]
    assert any(b"kastanje again" in body and b"peperkoek too" in body for body in bodies)
    assert export.left_out == ()


async def test_what_cannot_be_cut_is_left_out_and_said(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    ids_of_the_whole(desk, monkeypatch)
    await desk.inbox.receive("chat", delivery(item("1", ANNA, "kastanje"), item("2", BEN, "walnoot")))
    await desk.inbox.work()
    export = await desk.inbox.identity.export((await desk.customer(ANNA.value)).id)
    (left,) = export.left_out
    assert (left.what, left.id) == ("delivery", export.messages[0].delivery)
    assert "other people" in left.because
    assert export.files == ()


async def test_of_an_account_that_is_no_more_the_delivery_is_left_out_and_said(desk: Desk) -> None:
    life = await lived(desk)
    del desk.inbox.channels["letter"]  # type: ignore[attr-defined]
    export = await desk.inbox.identity.export(life.hers)
    assert [one.because for one in export.left_out] == ["it cannot be read here: add the account 'letter'"]
    assert "kastanje by post" in [message.text for message in export.messages]


async def test_who_may_be_the_same_is_for_the_operator_alone(desk: Desk) -> None:
    """Listed, never included, and not in what is handed over."""
    await desk.heard("hers", who="anna@b.example", on="letter")
    forged = await desk.heard("forged", who="anna@b.example", on="letter", strength="asserted")
    other = (await desk.inbox.conversations.get(forged.conversation)).customer
    export = await desk.inbox.identity.export((await desk.customer("anna@b.example", "letter")).id)
    assert export.likely == (other,)
    assert [message.text for message in export.messages] == ["hers"]
    assert all(other.encode() not in content for _, content in contents(export))


async def test_what_she_asked_for_is_in_it(desk: Desk) -> None:
    await desk.heard("hello", who=ANNA.value)
    who = (await desk.customer(ANNA.value)).id
    plain = await desk.inbox.identity.export(who)
    assert (plain.frozen_at, plain.objects) == (None, False)
    await desk.inbox.identity.freeze(who, actor="zoe")
    await desk.inbox.identity.object(who, actor="zoe")
    export = await desk.inbox.identity.export(who, actor="zoe")
    assert (export.frozen_at, export.objects) == (desk.clock.now(), True)
    assert {claim.method for claim in export.claims} >= {"platform_id", "freeze", "object"}
    assert [event.actor for event in await desk.happened("customer.exported")] == ["", "zoe"]


async def test_it_survives_json_exactly(desk: Desk) -> None:
    export = await exported(desk)
    assert Export.model_validate_json(export.model_dump_json()) == export


# -------------------------------------------------------------------------------------------------- as files

MAIL_WITH_FILE = b"""From: Annabel Zwart <annabel.zwart@geheim.example>\r
To: help@shop.example\r
Subject: Receipt\r
Message-ID: <1@geheim.example>\r
MIME-Version: 1.0\r
Content-Type: multipart/mixed; boundary=b\r
\r
--b\r
Content-Type: text/plain\r
\r
Here it is.\r
--b\r
Content-Type: application/pdf; name="../../receipt.pdf"\r
Content-Disposition: attachment; filename="../../receipt.pdf"\r
Content-Transfer-Encoding: base64\r
\r
a2FzdGFuamU=\r
--b--\r
"""


async def mailed(inbox: Inbox) -> str:
    await inbox.keep(
        "support", "inbox", Batch(deliveries=(Delivery(source="poll", body=MAIL_WITH_FILE),), cursor="1")
    )
    await inbox.read()
    (conversation,) = await inbox.conversations.open()
    return conversation.customer


def mailbox(url: str, clock: HandClock) -> Inbox:
    return Inbox(url, [Email("support", address="help@shop.example")], clock=clock)


async def test_attachments_come_as_files_with_tame_names(clock: HandClock, tmp_path: Path) -> None:
    async with mailbox("sqlite:///:memory:", clock) as inbox:
        export = await inbox.identity.export(await mailed(inbox))
        (file,) = [file for file in export.files if file.path.startswith("attachments/")]
        (message,) = export.messages
        assert (file.content, file.media_type, file.about) == (b"kastanje", "application/pdf", message.id)
        assert file.path.startswith(f"attachments/{message.id}/1-")
        assert file.path.endswith("receipt.pdf")
        assert len(Path(file.path).parts) == 3
        assert ".." not in Path(file.path).parts
        folder = write(export, tmp_path / "export")
        assert (folder / file.path).read_bytes() == b"kastanje"


async def test_a_file_that_cannot_be_had_is_left_out_and_said(clock: HandClock) -> None:
    async with mailbox("sqlite:///:memory:", clock) as inbox:
        who = await mailed(inbox)
        del inbox.channels["support"]  # type: ignore[attr-defined]
        export = await inbox.identity.export(who)
        assert [(one.what, "support" in one.because) for one in export.left_out] == [
            ("delivery", True), ("attachment", True),
        ]  # fmt: skip


async def test_no_byte_of_a_mail_with_a_file_is_left(clock: HandClock, tmp_path: Path) -> None:
    async with mailbox(f"sqlite:///{tmp_path / 'a.db'}", clock) as inbox:
        await inbox.identity.erase(await mailed(inbox), actor="zoe")
    held = (tmp_path / "a.db").read_bytes()
    assert [word for word in (b"a2FzdGFuamU", b"geheim", b"Zwart", b"receipt") if word in held] == []


async def test_the_same_export_gives_the_same_zip_and_nothing_is_overwritten(
    desk: Desk, tmp_path: Path
) -> None:
    export = await exported(desk)
    assert zipped(export) == zipped(export)
    path = write(export, tmp_path / "anna.zip")
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        names = archive.namelist()
        assert names[:3] == ["README.txt", "export.json", "messages.json"]
        assert len(names) == len(set(names)) == 3 + len(export.files)
        assert json.loads(archive.read("export.json"))["customer"]["id"] == export.customer.id
        assert len(json.loads(archive.read("messages.json"))) == len(export.messages)
        assert "likely" not in json.loads(archive.read("export.json"))
    for there in (path, tmp_path):
        with pytest.raises(UsageError, match="there already"):
            write(export, there)


async def test_every_erased_message_was_in_the_export_before(desk: Desk) -> None:
    """Both rest on the same idea of what is hers."""
    life = await lived(desk)
    export = await desk.inbox.identity.export(life.hers)
    before = {message.id for message in await desk.everything()}
    await desk.inbox.identity.erase(life.hers, actor="zoe", scrub=False)
    after = {message.id for message in await desk.everything()}
    assert {message.id for message in export.messages} == before - after


async def test_a_conversation_with_others_in_it_is_not_hers(desk: Desk) -> None:
    """An operator put his message there: it stays his, and so does the conversation."""
    hers = await desk.heard("kastanje", who=ANNA.value)
    his = await desk.heard("walnoot", who=BEN.value)
    await desk.inbox.conversations.move(his.id, hers.conversation, actor="zoe")
    await desk.inbox.conversations.note(hers.conversation, "one of them called")
    export = await desk.inbox.identity.export((await desk.customer(ANNA.value)).id)
    assert [message.text for message in export.messages] == ["kastanje"]
    assert export.conversations == ()
    proof = await desk.inbox.identity.erase((await desk.customer(ANNA.value)).id, actor="zoe")
    assert [kept.rows for kept in proof.kept if "others take part" in kept.what] == [1]
    left = await desk.inbox.conversations.messages(hers.conversation)
    assert [message.text for message in left] == ["walnoot", "one of them called"]
    assert (await desk.inbox.conversations.get(hers.conversation)).customer == (
        await desk.customer(BEN.value)
    ).id
