"""A one-time token that people can say, dial and copy: twelve digits, of which the last two are check digits.

Links carry tokens of 130 bits, which nobody could guess. What is read out on the telephone, typed on a keypad or
copied from paper has to be short, so that guessing must be made hopeless otherwise: every wrong one is counted (for
its sender, and for the workspace), there is a most of codes that work at a time, and they end soon. `chance` says
what is left. Digits, because they are the same in every language, and the only letters that a telephone has.
"""

from __future__ import annotations

import hashlib
import hmac
import re

_DRAWN, _CODES = 10, 10_000_000_000
DIGITS = _DRAWN + 2
"""How many digits a code has."""

_LEAST_RANDOM = 8
_GAP = r"[ \t.\-\u2010-\u2015\u00a0\u202f]{0,2}"  # spaces, dots and dashes, as people and telephones write groups
# What must not stand before the first digit is looked at behind it: so a text without digits is passed over at once.
_CODE = re.compile(
    rf"\d(?<![\w+#]\d)(?<!\d[.,:/-]\d)(?:{_GAP}\d){{{DIGITS - 1}}}(?!\w)(?!{_GAP}\d)(?![.,:/]\d)"
)


def new_code(random: bytes) -> str:
    """A code out of 8 or more fresh random bytes. Raises ValueError for fewer.

    Of 16 bytes each of the 10^10 codes is equally likely to within 1 in 10^28.
    """
    if len(random) < _LEAST_RANDOM:
        raise ValueError(f"{len(random)} random bytes can be guessed; give at least {_LEAST_RANDOM}")
    drawn = int.from_bytes(random, "big") % _CODES
    return f"{drawn:0{_DRAWN}}{98 - drawn * 100 % 97:02}"


def spelled(code: str) -> str:
    """A code as it is shown and read out: `4071-5528-9136`."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def is_code(token: str) -> bool:
    """Whether it is a code of ours by its look: twelve digits with fitting check digits (ISO 7064, MOD 97-10).

    Every mistyped digit and every two that changed places are noticed, so that a slip is no wrong code.
    """
    return len(token) == DIGITS and token.isascii() and token.isdigit() and int(token) % 97 == 1


def find_codes(text: str) -> tuple[str, ...]:
    """What can be codes of ours in a text, bare, in order, each once.

    In any digits there are (`٤٠٧١…`), with spaces, dots or dashes between. Of other numbers of twelve digits one in
    97 looks like a code; telephone numbers with a plus, and parts of longer numbers, never do.
    """
    bare = (
        "".join(str(int(char)) for char in match.group() if char.isdecimal())
        for match in _CODE.finditer(text)
    )
    return tuple(dict.fromkeys(filter(is_code, bare)))


def code_digest(key: bytes, workspace: int, code: str) -> str:
    """What the store keeps of a code: HMAC-SHA256 under the workspace's own key, in hexadecimal.

    Ten digits are soon tried out: without the key, who has seen the table cannot.
    """
    said = b"omnichannel code 1" + workspace.to_bytes(8, "big") + code.encode()
    return hmac.new(key, said, hashlib.sha256).hexdigest()


def chance(wrong: int, live: int) -> float:
    """How likely one of so many wrong codes would have been one of the `live` ones: at most wrong · live / 10^10.

    With the inbox's own rules, 100 wrong ones in a day for everybody together and 1,000 codes at a time, that is
    one in 100,000 a day for who spends all of it; for one certain customer's code, one in 100 million. NIST SP
    800-63B (5.1.3.2, 5.2.2) is content with six digits and a hundred tries: one in 10,000.
    """
    return min(1.0, wrong * live / _CODES)
