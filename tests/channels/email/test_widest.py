"""Ids and addresses fit into an index, whatever a stranger writes: PostgreSQL's takes some 2700 bytes."""

from __future__ import annotations

import pytest

from omnichannel.channels.email.parse import parse
from omnichannel.model import Received

# 3960 bytes in UTF-8 that no compression makes small.
WIDE = "".join(chr(0x10000 + number * 7919 % 60000) for number in range(990))


@pytest.mark.parametrize(
    "header",
    [
        f"Message-ID: <{WIDE}@x.example>",
        f"Message-ID: <1@x.example>\r\nReferences: <{WIDE}@x.example>",
        f"Message-ID: <1@x.example>\r\nIn-Reply-To: <{WIDE}@x.example>",
        f"From: {WIDE}@x.example",
        f"From: Ann <{WIDE}@x.example>",
        "Message-ID: <\udcff\udcfe@x.example>\r\nFrom: \udcff@x.example",
    ],
)
def test_nothing_that_is_looked_up_is_longer_than_an_index_takes(header: str) -> None:
    raw = f"{header}\r\nSubject: wide\r\n\r\nhello\r\n".encode("utf-8", "surrogateescape")
    (message,) = parse(raw)
    assert isinstance(message, Received)
    assert message.subject == "wide", "the mail is read, not only kept"
    for value in (message.external_id, message.thread, message.reply_to, message.sender.address.value):
        assert len(value.encode()) <= 1024
