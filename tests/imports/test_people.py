"""Where somebody of another desk is reached: by what a channel says of itself, and not by what its kind is called."""

from __future__ import annotations

import pytest

from omnichannel.channel import Channel
from omnichannel.channels.sms import Sms
from omnichannel.channels.whatsapp import WhatsApp
from omnichannel.imports.people import Contact, is_mail, party
from omnichannel.model import Address
from tests.telegraph.omnichannel_telegraph import Telegraph

BOTH = Contact("zammad", "user 7", "Ann", ("ann@customer.example",), ("+31612345678",))
ANN, MOBILE = Address(kind="email", value="ann@customer.example"), Address(kind="phone", value="+31612345678")


class Texts(Telegraph):
    """Somebody else's channel of text messages."""

    kind = "texts"
    own_address = Address(kind="phone", value="+31201234567")


class Post(Telegraph):
    """Somebody else's channel of mail."""

    kind = "post"
    own_address = Address(kind="email", value="shop@shop.example")


def sms() -> Sms:
    return Sms("sms", account_sid="AC" + "0" * 32, auth_token="t" * 32, messaging_service_sid="MG" + "0" * 32)


def whatsapp() -> WhatsApp:
    given = WhatsApp.bare("wa")
    given.number_id = "106540352242922"
    return given


@pytest.mark.parametrize(
    ("channel", "address"),
    [
        (sms(), MOBILE),
        (Texts("t", office="o", key="k" * 20), MOBILE),
        (Post("p", office="o", key="k" * 20), ANN),
    ],
    ids=["sms", "texts", "post"],
)
def test_a_plug_in_is_treated_as_a_built_in_channel(channel: Channel, address: Address) -> None:
    assert party(BOTH, channel).address == address
    assert is_mail(channel) is (address is ANN)


@pytest.mark.parametrize("channel", [sms(), whatsapp()], ids=["sms", "whatsapp"])
@pytest.mark.parametrize("there", ["31612345678", "+31612345678"])
def test_a_number_as_an_id_is_the_number(channel: Channel, there: str) -> None:
    """As the channel itself reads it, so that whoever writes again is known."""
    assert party(BOTH._replace(phones=(), there=there), channel).address == MOBILE


def test_an_id_that_is_no_number_stays_one() -> None:
    channel = whatsapp()
    there = "US.13491208655302741918"
    assert party(BOTH._replace(there=there), channel).address == Address(
        kind="whatsapp", scope=channel.scope, value=there
    )
