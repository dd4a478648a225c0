"""Signed and wrapped mail: its words are read, whatever form of BER a program writes, and nothing breaks on rubbish."""

import base64
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.channels.email.parse import parse
from omnichannel.channels.email.smime import within
from omnichannel.model import Attachment, Received

MAIL = b"Content-Type: text/plain; charset=utf-8\r\n\r\nPlease cancel it.\r\n"
SIGNED = bytes.fromhex("06092a864886f70d010702")
DATA = bytes.fromhex("06092a864886f70d010701")
ENVELOPED = bytes.fromhex("06092a864886f70d010703")


def value(tag: int, *inside: bytes) -> bytes:
    """A value of definite length (X.690, 8.1.3)."""
    content = b"".join(inside)
    size = len(content)
    length = bytes([size]) if size < 0x80 else b"\x84" + size.to_bytes(4, "big")
    return bytes([tag]) + length + content


def open_value(tag: int, *inside: bytes) -> bytes:
    """A value of indefinite length, as programs write it that do not know yet how long it will be."""
    return bytes([tag, 0x80]) + b"".join(inside) + b"\0\0"


def wrapped(octets: bytes, make=value, kind: bytes = SIGNED) -> bytes:
    content = make(0x30, DATA, make(0xA0, octets))
    signed = make(0x30, value(0x02, b"\x01"), value(0x31), content, value(0x31))
    return make(0x30, kind, make(0xA0, signed))


def pieces(data: bytes, make) -> bytes:
    return make(0x24, *(value(0x04, data[at : at + 7]) for at in range(0, len(data), 7)))


@pytest.mark.parametrize(
    "data",
    [
        wrapped(value(0x04, MAIL)),
        wrapped(value(0x04, MAIL), open_value),
        wrapped(pieces(MAIL, open_value), open_value),
        wrapped(pieces(MAIL, value)),
    ],
)
def test_what_was_signed_is_found_in_every_form_of_it(data):
    assert within(data) == MAIL


@pytest.mark.parametrize(
    "kind", ["application/pkcs7-mime; smime-type=signed-data", "application/x-pkcs7-mime"]
)
def test_the_words_of_a_signed_mail_are_its_words_and_the_whole_stays_a_file(kind):
    coded = base64.encodebytes(wrapped(value(0x04, MAIL))).decode()
    head = (
        f'From: a@b.nl\r\nContent-Type: {kind}; name="smime.p7m"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    )
    (found,) = parse((head + coded).encode())
    assert isinstance(found, Received)
    assert found.text == "Please cancel it."
    assert [part.name for part in found.parts if isinstance(part, Attachment)] == ["smime.p7m"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x30",
        wrapped(value(0x04, MAIL), kind=ENVELOPED),
        wrapped(value(0x0C, MAIL)),
        wrapped(value(0x04, MAIL), open_value)[:40],
        b"\x30\x80" * 5000,
    ],
)
def test_what_is_encrypted_or_broken_holds_nothing(data):
    assert within(data) == b""


@given(st.binary(max_size=200))
def test_no_bytes_break_it(data):
    assert isinstance(within(data), bytes)
    assert isinstance(within(wrapped(data)), bytes)


@pytest.mark.parametrize(
    "data", [b"\x30\x80" * 500_000, b"\x30\x00" * 500_000, wrapped(b"\x24\x80" * 300_000)]
)
def test_rubbish_costs_little(data):
    began = time.process_time()
    within(data)
    assert time.process_time() - began < 5.0  # seconds; what is quadratic takes minutes
