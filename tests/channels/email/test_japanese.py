"""ISO-2022-JP as mail programs write it: more characters than its standard has, and other sets under its name."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.channels.email.charset import to_text
from omnichannel.channels.email.japanese import japanese
from omnichannel.channels.email.parse import parse
from omnichannel.channels.email.words import readable


@pytest.mark.parametrize(
    ("data", "text"),
    [
        # Row 13 of NEC (circled digits), and rows 89 to 92, where IBM's variants of kanji stand.
        (b'\x1b$B-!-"-j\x1b(B Acme', "①②㈱ Acme"),
        (b"\x1b$B\x7cb9b\x1b(B", "髙高"),
        # Half-width kana, and JIS X 0212.
        (b"\x1b$B-!\x1b(I1\x1b(B", "①ｱ"),
        (b"\x1b$B-!\x1b$(D0!\x1b(B", "①丂"),
        # Some programs forget to switch back at the end of a line.
        (b"\x1b$B-!F|\r\nplain\r\n\x1b$BK\\\x1b(B", "①日\r\nplain\r\n本"),
        (b"\x1b$B-!\x22\x7e\x7e\x7e~", "①◯\ufffd"),
    ],
)
@pytest.mark.parametrize("declared", ["iso-2022-jp", "us-ascii", "utf-8", "iso-8859-1", ""])
def test_characters_of_vendors_in_iso_2022_jp_are_read(data, text, declared):
    if "\ufffd" in text:
        assert to_text(data, declared).startswith(text[0])
    else:
        assert to_text(data, declared) == text


def test_a_subject_with_a_circled_digit_is_read():
    assert readable("=?ISO-2022-JP?B?GyRCLSEbKEIgGyRCRnxLXBsoQg==?=") == "① 日本"


@pytest.mark.parametrize("used", ["utf-8", "euc_jp", "cp932"])
def test_what_only_calls_itself_iso_2022_jp_is_read_as_what_it_is(used):
    text = "ご注文の件でご連絡いたします"
    assert to_text(text.encode(used), "iso-2022-jp") == text


def test_korean_that_is_cut_off_is_korean_all_the_same():
    assert to_text("가나다".encode("iso2022_kr")[:-2], "iso-2022-kr").startswith("가나")


def test_utf_8_with_damage_under_another_name_is_utf_8():
    damaged = "你好！我公司有一件事想请教，请回复。".encode() + b"\xe4\xbd"
    assert to_text(damaged, "gb2312").startswith("你好！我公司")


def test_a_body_with_a_circled_digit_is_no_row_of_escape_codes():
    raw = b"From: a@b.jp\r\nContent-Type: text/plain; charset=iso-2022-jp\r\n\r\n\x1b$B-!F|K\\\x1b(B\r\n"
    assert parse(raw)[0].text == "①日本"


@given(st.lists(st.sampled_from("日本語のテストカナ、。ABCあ一丁Ωя"), max_size=40).map("".join))
def test_what_python_reads_strictly_we_read_alike(text):
    assert japanese(text.encode("iso2022_jp")) == text


@given(st.binary(max_size=200).map(lambda data: bytes(byte & 0x7F for byte in data)))
def test_no_bytes_make_it_raise(data):
    assert isinstance(japanese(b"\x1b$B" + data), str)


def test_many_escapes_cost_linear_time():
    began = time.process_time()
    japanese(b"\x1b$B-!" * 200_000)
    japanese(b"\x1b$B" + b"-!" * 500_000)
    assert time.process_time() - began < 10
