"""The contract's own words: what a channel need not write itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Self

import pytest

from omnichannel import Ack, Attachment, Capabilities, Channel, Delivery, Draft
from omnichannel.channel import Call, Response
from omnichannel.errors import TooLarge, Unsupported
from omnichannel.model import Address, Event, Receipt, Sent, TextLimit


class Least(Channel):
    """As little as a channel can be."""

    kind = "least"
    can = Capabilities(
        text=TextLimit(size=10, splits=True), private_text=TextLimit(size=4, measure="bytes"), public=True
    )

    @classmethod
    def bare(cls, name: str = "file") -> Self:
        return cls(name)

    def admit(self, delivery: Delivery) -> Ack:
        return Ack()

    def parse(self, delivery: Delivery) -> Iterable[Event]:
        return ()

    def render(self, draft: Draft) -> Sequence[Call]:
        return ()

    def read(self, call: Call, response: Response) -> Receipt:
        return Sent()


def test_a_channel_is_its_name_and_kind() -> None:
    channel = Least("shop")
    assert repr(channel) == "Least('shop')"
    assert (channel.account.name, channel.account.kind, channel.account.address) == ("shop", "least", None)


def test_what_is_missing_cannot_be_forgotten() -> None:
    class Less(Channel):
        kind = "less"

    with pytest.raises(TypeError, match="abstract"):
        Less("x")  # type: ignore[abstract]


def test_texts_are_measured_and_cut_as_the_limits_say() -> None:
    """In public ten characters that may be split, in private four bytes that may not."""
    assert (Least.size("éé"), Least.size("éé", public=False)) == (2, 4)
    assert Least.pieces("one two three") == ("one two ", "three")
    assert Least.pieces("   ") == ()
    assert Least.pieces("éé", public=False) == ("éé",)
    with pytest.raises(TooLarge, match="5 bytes; least takes 4 and does not split"):
        Least.pieces("ééa", public=False)


async def test_what_a_channel_does_not_say_is_nothing_or_a_clear_refusal() -> None:
    channel = Least("shop")
    assert channel.credentials(Call(url="https://x/")) == {}
    assert channel.sources() == ()
    assert channel.sender() is None
    assert await channel.look_up(Address(kind="least", value="x")) is None
    assert await channel.check() == ()
    with pytest.raises(Unsupported, match="e-mail or Messenger"):
        channel.start_link("oct…")
    with pytest.raises(Unsupported, match="no webhook"):
        Least.for_verifying(("secret",))
    with pytest.raises(Unsupported, match="fetch https://x/y soon"):
        channel.content(Delivery(), Attachment(url="https://x/y"))


@pytest.mark.parametrize("value", [Delivery, Response])
def test_headers_keep_their_order_and_spelling(value: type[Delivery | Response]) -> None:
    headers = (("A", "1"), ("a", "2"), ("B", ""))
    assert value.model_validate_json(value(headers=headers).model_dump_json()).headers == headers
