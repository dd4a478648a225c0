"""What a customer could make us believe on WhatsApp."""

from __future__ import annotations

import pytest

from tests.channels.whatsapp.given import TOKEN, event, message


@pytest.mark.parametrize("flag", ["forwarded", "frequently_forwarded"])
def test_t28_a_token_that_was_handed_on_proves_nothing(flag: str) -> None:
    """A token joins whoever brings it back with whoever was given it: forwarding is not bringing it back."""
    words = {"type": "text", "text": {"body": f"Look at this: {TOKEN}"}}
    assert event(message(**words)).tokens == (TOKEN,)
    assert event(message(**words, context={flag: True})).tokens == ()
