"""Having letters printed by Pingen, over real sockets: two steps, one of which counts, and never twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from omnichannel.channel import Call, Response
from omnichannel.channels.letter import Letter
from omnichannel.channels.letter.link import pingen as link
from omnichannel.emulators.letter import Fault, Post
from omnichannel.inbox.sending import chained
from omnichannel.model import Deferred, Receipt, Refused, Sent, Unknown
from tests.channels.letter.given import at_pingen, draft

ANN = "A. de Vries"


@pytest.fixture
def post() -> Iterator[Post]:
    with Post() as found:
        yield found


def account(post: Post, **changes: object) -> Letter:
    return Letter("post", **{**post.settings, **changes})  # type: ignore[arg-type]


def calls(letter: Letter) -> Sequence[Call]:
    return letter.render(draft("Uw fiets is klaar."))


async def done(letter: Letter, call: Call, before: str = "") -> Receipt:
    sender = letter.sender()
    try:
        return letter.read(call, await sender.send(chained(call, before)))
    finally:
        await sender.close()


async def made(letter: Letter) -> str:
    receipt = await done(letter, calls(letter)[0])
    assert isinstance(receipt, Sent)
    return receipt.external_id


async def test_a_letter_is_made_and_then_sent(post: Post) -> None:
    """Only the second step is the letter: what it is called is what its statuses will name."""
    letter = account(post)
    draft_id = await made(letter)
    (found,) = post.prints.values()
    assert (found.status, found.printing["address_position"]) == ("valid", "left")
    receipt = await done(letter, calls(letter)[1], draft_id)
    assert isinstance(receipt, Sent)
    assert (receipt.external_id, receipt.aliases) == (found.id, (calls(letter)[1].correlator,))
    assert found.status == "sent"
    assert found.pdf == calls(letter)[0].body


async def test_both_steps_may_be_repeated_and_nothing_is_printed_twice(post: Post) -> None:
    letter = account(post)
    ids = [await made(letter) for _ in range(2)]
    assert ids[0] == ids[1]  # Pingen knows the Idempotency-Key
    for _ in range(2):
        assert isinstance(await done(letter, calls(letter)[1], ids[0]), Sent)
    assert len(post.prints) == 1
    assert [each["data"]["type"] for each in post._pending] == ["webhook_sent"]  # type: ignore[index]


async def test_a_letter_that_is_still_looked_at_is_sent_later(post: Post) -> None:
    post.looks = 2
    letter = account(post)
    draft_id, send = await made(letter), calls(letter)[1]
    assert isinstance(await done(letter, send, draft_id), Deferred)
    assert isinstance(await done(letter, send, draft_id), Sent)


async def test_a_letter_that_pingen_cannot_print_is_refused(post: Post) -> None:
    """It is not sent, and says where to look."""
    letter = account(post)
    draft_id = await made(letter)
    for status in ("action_required", "invalid", "cancelled"):
        post.prints[draft_id.removeprefix("draft/")].status = status
        receipt = await done(letter, calls(letter)[1], draft_id)
        assert isinstance(receipt, Refused)
        assert status in receipt.detail


@pytest.mark.parametrize("status", [502, 504])
async def test_a_lost_answer_to_making_is_made_up_for(post: Post, status: int) -> None:
    """Nobody sees a letter that was only made; the second attempt finds the first."""
    post.faults.append(Fault("/deliveries/letters", status, taken=True))
    letter = account(post)
    assert isinstance(await done(letter, calls(letter)[0]), Unknown)
    assert await made(letter)
    assert len(post.prints) == 1


async def test_a_lost_answer_to_sending_is_looked_up_and_not_repeated(post: Post) -> None:
    """Pingen did send it: how the letter stands says so."""
    letter = account(post)
    draft_id = await made(letter)
    post.faults.append(Fault("/send", 502, taken=True))
    assert isinstance(await done(letter, calls(letter)[1], draft_id), Sent)


async def test_where_that_cannot_be_looked_up_it_is_in_doubt(post: Post) -> None:
    """And if a person says `again`, it is found to have been sent."""
    letter = account(post)
    draft_id, send = await made(letter), calls(letter)[1]
    place = draft_id.removeprefix("draft/")
    post.faults += [Fault("/send", 502, taken=True), Fault("/none", 500)]
    sender = letter.sender()
    original = sender._asked  # type: ignore[attr-defined]
    looks = []

    async def asked(method: str, url: str, **more: object) -> Response:
        looks.append(method)
        if looks == ["GET", "PATCH", "GET"]:
            return Response(failure="in_doubt")
        found: Response = await original(method, url, **more)
        return found

    sender._asked = asked  # type: ignore[attr-defined]
    assert isinstance(letter.read(send, await sender.send(chained(send, draft_id))), Unknown)
    await sender.close()
    assert post.prints[place].status == "sent"
    assert isinstance(await done(letter, send, draft_id), Sent)
    assert len([each for each in post._pending if "sent" in str(each["data"])]) == 1


async def test_a_send_that_was_not_taken_stays_in_doubt(post: Post) -> None:
    """A 502 before anything happened: the letter is still valid, which may be late news, so nobody guesses."""
    letter = account(post)
    draft_id = await made(letter)
    post.faults.append(Fault("/send", 502))
    assert isinstance(await done(letter, calls(letter)[1], draft_id), Unknown)


@pytest.mark.parametrize("path", ["/auth/access-tokens", "/file-upload", "/store/1"])
@pytest.mark.parametrize("status", [500, 503, 429])
async def test_trouble_before_anything_counts_puts_it_off(post: Post, path: str, status: int) -> None:
    post.faults.append(Fault(path, status))
    assert isinstance(await done(account(post), calls(account(post))[0]), Deferred)
    assert post.prints == {}
    assert await made(account(post))


async def test_asking_how_it_stands_in_vain_puts_it_off(post: Post) -> None:
    letter = account(post)
    draft_id = await made(letter)
    post.faults.append(Fault(draft_id.removeprefix("draft/"), 503))
    assert isinstance(await done(letter, calls(letter)[1], draft_id), Deferred)


async def test_being_too_fast_waits_as_long_as_pingen_says(post: Post) -> None:
    letter = account(post)
    draft_id = await made(letter)
    post.faults.append(Fault("/send", 429, headers={"retry-after": "17"}))
    assert await done(letter, calls(letter)[1], draft_id) == Deferred(
        after=17, detail="HTTP 429 <html>Sorry, something went wrong.</html>", scope="account"
    )


async def test_wrong_credentials_are_refused_once_and_for_all(post: Post) -> None:
    receipt = await done(account(post, pingen_secret="another-secret"), calls(account(post))[0])
    assert isinstance(receipt, Refused)
    assert receipt.code == "reauth"
    other = account(post, pingen_organisation="00000000-0000-0000-0000-000000000000")
    refused = await done(other, calls(other)[0])
    assert isinstance(refused, Refused)
    assert "Forbidden" in refused.detail


async def test_a_token_is_used_until_it_ends_or_is_revoked(post: Post) -> None:
    letter, sender = account(post), account(post).sender()
    make = calls(letter)[0]
    assert isinstance(letter.read(make, await sender.send(make)), Sent)
    post.faults.append(Fault("/auth/access-tokens", 500))
    assert isinstance(letter.read(make, await sender.send(make)), Sent)  # no other token was asked for
    post.token, post.faults[:] = "another", []
    assert isinstance(letter.read(make, await sender.send(make)), Refused)
    assert isinstance(letter.read(make, await sender.send(make)), Sent)
    await sender.close()
    await sender.close()


async def test_a_host_that_is_not_there_puts_it_off() -> None:
    letter = at_pingen(pingen_host="http://127.0.0.1:9", pingen_identity="http://127.0.0.1:9")
    assert isinstance(await done(letter, calls(letter)[0]), Deferred)
    letter = at_pingen(pingen_host="https://127.0.0.1:9", pingen_identity="http://127.0.0.1:9")
    assert isinstance(await done(letter, calls(letter)[0]), Deferred)


async def test_a_pdf_goes_only_where_it_may_be_seen(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address to upload to that is not https is not believed, unless Pingen itself is on this machine."""
    sender = account(post).sender()
    assert isinstance(sender, link.PrintService)
    for url in ("ftp://evil.example/x", ""):
        with pytest.raises(link._NoAnswer):
            sender._refuse_exposure(url)
    real = at_pingen().sender()
    assert isinstance(real, link.PrintService)
    with pytest.raises(link._NoAnswer, match="https"):
        real._refuse_exposure("http://store.example/x")
    real._refuse_exposure("https://store.example/x")


@pytest.mark.parametrize(("number", "expected"), [(0, Deferred), (1, Unknown)])
async def test_an_answer_that_takes_too_long(post: Post, number: int, expected: type[Receipt]) -> None:
    """What nobody can see is simply done again; what may have been sent is in doubt."""
    letter = account(post)
    call = calls(letter)[number].model_copy(update={"timeout": 1e-6})
    assert isinstance(await done(letter, call, "draft/1" if number else ""), expected)


@pytest.mark.parametrize("status", [408, 500, 503])
def test_an_answer_nobody_can_read_is_unknown(status: int) -> None:
    letter = at_pingen()
    for call in calls(letter):
        assert isinstance(letter.read(call, Response(status=status, body=b"<html>")), Unknown)
        for body in (b"", b"{}", b'{"data":{}}', b'{"data":{"id":null}}', b"<html>"):
            assert isinstance(letter.read(call, Response(status=200, body=body)), Unknown)


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b'{"errors":[]}', b'{"errors":[{"title":"No","detail":"way"}]}']
)
def test_a_refusal_says_what_pingen_said(body: bytes) -> None:
    letter = at_pingen()
    found = letter.read(calls(letter)[0], Response(status=422, body=body))
    assert isinstance(found, Refused)
    assert found.detail.startswith("HTTP 422")
