"""Bytes to text, whatever the mail claims about them: an allow-list of character sets, and never an error.

The name of a character set comes from a stranger, so it is looked up in a table made here and never handed to
Python's codec registry (which knows `zip`, `rot13` and `unicode_escape` as well).
"""

from __future__ import annotations

import re
from encodings.aliases import aliases
from functools import lru_cache

from omnichannel.channels.email.japanese import japanese
from omnichannel.toolbox import clean

_READ = set(
    re.findall(
        r"\w+",
        """ascii utf_8 utf_7 utf_16 utf_16_be utf_16_le utf_32 latin_1 hp_roman8 mac_roman mac_cyrillic ptcp154
    cp437 cp737 cp775 cp850 cp852 cp855 cp857 cp858 cp860 cp861 cp862 cp863 cp864 cp865 cp866 cp869 cp874
    cp932 cp949 cp950 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258
    iso8859_2 iso8859_3 iso8859_4 iso8859_5 iso8859_6 iso8859_7 iso8859_8 iso8859_9 iso8859_10 iso8859_11
    iso8859_13 iso8859_14 iso8859_15 iso8859_16 koi8_r koi8_u koi8_t tis_620
    gb2312 gbk gb18030 hz big5 big5hkscs euc_jp euc_jis_2004 shift_jis shift_jis_2004 euc_kr johab
    iso2022_jp iso2022_jp_1 iso2022_jp_2 iso2022_jp_2004 iso2022_jp_3 iso2022_jp_ext iso2022_kr""",
    )
)

# Names seen in real mail that Python does not know.
_ALSO = {
    "x_sjis": "cp932", "windows_31j": "cp932", "ms_kanji": "cp932", "x_gbk": "gb18030", "x_euc_cn": "gb18030",
    "iso_gb2312": "gb18030", "gb2312_80": "gb18030", "iso_8859_8_i": "iso8859_8", "iso_8859_8_e": "iso8859_8",
    "iso_8859_6_i": "iso8859_6", "unicode_1_1_utf_7": "utf_7", "unicode_2_0_utf_7": "utf_7", "utf8mb4": "utf_8",
    "utf_8_sig": "utf_8", "unicode_1_1_utf_8": "utf_8", "unicode": "utf_16", "iso_10646_ucs_2": "utf_16",
    "cp_850": "cp850", "x_mac_roman": "mac_roman", "macintosh": "mac_roman", "x_mac_cyrillic": "mac_cyrillic",
    "windows_874": "cp874", "dos_874": "cp874", "iso_2022_jp_esc": "iso2022_jp", "cp50220": "iso2022_jp",
    "x_iso_2022_jp": "iso2022_jp", "latin1_windows": "cp1252", "x_ansi": "cp1252", "ansi": "cp1252",
    "x_windows_949": "cp949", "x_big5": "big5hkscs", "cn_big5": "big5hkscs", "x_x_big5": "big5hkscs",
}  # fmt: skip

# What senders mean when they name the left one: the vendor's superset (as browsers read it).
_MEANT = {
    "ascii": "cp1252", "latin_1": "cp1252", "iso8859_9": "cp1254", "iso8859_11": "cp874", "tis_620": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949", "shift_jis": "cp932", "big5": "big5hkscs",
    "iso2022_jp": "iso2022_jp_ext",
}  # fmt: skip

_ISO_2022_JP = re.compile(rb"\x1b\$[@B]")
# Bytes of 7 bits that switch between tables: every reader of ASCII takes them, and shows rubbish.
_SWITCHING = frozenset(name for name in _READ if name.startswith("iso2022_") or name == "hz")
_WIDE = frozenset({"utf_16", "utf_16_le", "utf_16_be", "utf_32"})
_WESTERN = frozenset({"latin_1", "cp1252", "iso8859_15"})
_NOT_SWITCHING = _WESTERN | {"", "ascii", "utf_8"}

_KNOWN: dict[str, str] = {name: name for name in _READ}
_KNOWN |= {alias: target for alias, target in aliases.items() if target in _READ}
_KNOWN |= _ALSO

_CENTRAL_EUROPEAN = {"cp1250", "iso8859_2", "cp852"}
_FOREIGN = set(
    re.findall(
        r"\w+",
        """cp1251 koi8_r koi8_u iso8859_5 cp866 mac_cyrillic cp1253 iso8859_7 cp1255 iso8859_8
    cp1256 iso8859_6 cp874 tis_620 gb2312 gbk gb18030 hz big5 big5hkscs cp950 shift_jis cp932 euc_jp iso2022_jp
    euc_kr cp949 iso2022_kr johab utf_16 utf_16_le utf_16_be""",
    )
)


@lru_cache(maxsize=512)
def codec(name: str) -> str:
    """Python's name for a character set that a mail names; empty if it is none that we read."""
    key = re.sub(r"[^a-z0-9]+", "_", name[:64].lower()).strip("_")
    return _KNOWN.get(key, "")


def to_text(data: bytes, declared: str = "") -> str:
    """Read bytes as text; never raises, and gives nothing that a store cannot hold.

    Order: what is declared, unless the bytes show that it cannot be meant, what senders mean by it, UTF-8, a guess
    where it is not western, Windows-1252.
    """
    return clean(_decoded(data, codec(declared)).removeprefix("\ufeff"))


def _decoded(data: bytes, named: str) -> str:
    named = _meant(data, named)
    for candidate in _candidates(data, named):
        try:
            return data.decode(candidate)
        except (UnicodeError, ValueError):
            continue
    if named.startswith("iso2022_jp") and data.isascii():
        return japanese(data)
    if not data.isascii() and _mostly_utf8(data):
        return data.decode("utf-8", "replace")
    if named and named not in ("ascii", "utf_8"):
        return data.decode(_MEANT.get(named, named), "replace")
    return data.decode(_guess(data) or "cp1252", "replace")


def _meant(data: bytes, named: str) -> str:
    """The character set that is meant: some that are named cannot be it, by the bytes themselves."""
    if named in _NOT_SWITCHING and _ISO_2022_JP.search(data):
        return "iso2022_jp"
    if named in _WIDE and b"\x00" not in data and data.isascii():
        return "utf_8"
    # What is no ASCII and yet whole UTF-8 is hardly ever anything else; programs name Latin-1 by habit.
    if named in _WESTERN and not data.isascii() and _is_utf8(data):
        return "utf_8"
    return named


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _candidates(data: bytes, named: str) -> list[str]:
    if named in _SWITCHING:
        # Programs that name ISO-2022-JP and send something else send what Unix and Windows use for Japanese.
        others = ["utf_8", *(["euc_jp", "cp932"] if named.startswith("iso2022_jp") else [])]
        return [named, *([_MEANT[named]] if named in _MEANT else []), *([] if data.isascii() else others)]
    if named in ("latin_1", "gb2312", "gbk"):
        return [_MEANT[named], named]
    if named in ("", "ascii"):
        return ["utf_8"]
    return [named, *([_MEANT[named]] if named in _MEANT else []), "utf_8"]


def _mostly_utf8(data: bytes) -> bool:
    """Whether UTF-8 was meant, and a few bytes of it were damaged: cut off, or pasted from elsewhere."""
    text = data.decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    return damaged * 2 <= sum(1 for char in text if char > "\x7f" and char != "\ufffd")


def _guess(data: bytes) -> str:
    """A guess, taken only where Windows-1252 would be gibberish; empty otherwise.

    Measured on short western texts without a declaration, Windows-1252 is right more often than any guess. So a
    foreign script must fill the text, as it does when it is one; Central European letters need not.
    """
    try:
        import chardet
    except ImportError:  # pragma: no cover - the extra `email` brings it
        return ""
    found = chardet.detect(data[:20_000])
    name = codec(str(found.get("encoding") or ""))
    confidence = float(found.get("confidence") or 0)
    if name in _CENTRAL_EUROPEAN:
        return name if confidence >= 0.05 else ""
    filled = sum(1 for byte in data[:20_000] if byte > 0x7F) >= 0.3 * len(data[:20_000])
    return name if name in _FOREIGN and filled and confidence >= 0.1 else ""
