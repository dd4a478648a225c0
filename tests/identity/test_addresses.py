"""Equal means the same place: one spelling per address, and never one for two places."""

from __future__ import annotations

import string
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.identity import is_role, mixed_script, normalise
from omnichannel.model import Address

EMAILS = {
    "jo@shop.nl": "jo@shop.nl",
    "  Jo@Shop.NL\n": "jo@shop.nl",
    "Jo.Smit+News@Shop.NL": "jo.smit+news@shop.nl",
    "jo@MüNCHEN.de": "jo@xn--mnchen-3ya.de",
    "jo@XN--mnchen-3ya.de": "jo@xn--mnchen-3ya.de",
    "jo@straße.de": "jo@xn--strae-oqa.de",
    "用户@例え.jp": "用户@xn--r8jz45g.jp",
    "JÖ@x.nl": "jÖ@x.nl",
    '"jo"@x.nl': "jo@x.nl",
    '"J\\o"@x.nl': "jo@x.nl",
    '"jo@work"@x.nl': '"jo@work"@x.nl',
    '"j\\"o"@x.nl': '"j\\"o"@x.nl',
    '"j\\,o"@x.nl': '"j,o"@x.nl',
    "j..o.@docomo.ne.jp": "j..o.@docomo.ne.jp",
    "o'neil/x=y!#$%&*?^`{|}~@x.nl": "o'neil/x=y!#$%&*?^`{|}~@x.nl",
    "root@localhost": "root@localhost",
    "jo@[192.0.2.1]": "jo@[192.0.2.1]",
    "jo@[IPv6:2001:DB8::1]": "jo@[ipv6:2001:db8::1]",
    "jo@my_host.example": "jo@my_host.example",
}

NOT_EMAILS = [
    "", " ", "jo", "@", "jo@", "@x.nl", "jo@@x.nl", "jo@x@y.nl", '"jo@x.nl', '"jo"x@x.nl', 'j"o"@x.nl', '"jo"@x@y.nl',
    "jo smit@x.nl", "jo@x y.nl", "jo\n@x.nl", "jo@x.nl\nBcc: eve@z.nl", "jo@x.nl\x00", "jo\u200b@x.nl",
    "jo\u202e@x.nl", "jo@x\u00ad.nl", "jo\ud800@x.nl", "jo@x..nl", "jo@.x.nl", "jo@x.nl.", "jo@-x.nl", "jo@x-.nl",
    "<jo@x.nl>", "Jo <jo@x.nl>", "jo@x.nl, eve@z.nl", "jo@x.nl;eve@z.nl", "jo(work)@x.nl", "jo@x.nl(work)", "jo\\@x.nl",
    "jo@[x", "jo@[]", "jo@x/y", "jo@x:25", "jo@ﬁ.nl", "jo@ｘ.nl", "jo@x。nl", "jo@\u212a.nl", "jo@MÜNCHEN.de",
    "jo@" + "a" * 64 + ".nl", "jo@" + "a.b" * 100, '""@x.nl@',
]  # fmt: skip


@pytest.mark.parametrize(("written", "expected"), EMAILS.items())
def test_an_email_address_has_one_spelling(written: str, expected: str) -> None:
    assert normalise("email", written) == Address(kind="email", value=expected)


@pytest.mark.parametrize("written", NOT_EMAILS)
def test_what_is_not_exactly_one_email_address_is_refused(written: str) -> None:
    with pytest.raises(ValueError):
        normalise("email", written)


def test_an_email_address_or_telephone_number_has_no_scope() -> None:
    for kind, value in (("email", "jo@x.nl"), ("phone", "+31612345678")):
        with pytest.raises(ValueError, match="leave its scope empty"):
            normalise(kind, value, scope="page")


@given(st.text(max_size=30) | st.from_regex(r"[^@]{1,10}@[a-zA-Z0-9.-]{1,10}", fullmatch=True))
def test_normalising_again_changes_nothing_and_nothing_but_value_error_is_raised(written: str) -> None:
    try:
        once = normalise("email", written)
    except ValueError:
        return
    assert normalise("email", once.value) == once
    assert once.value.rpartition("@")[2].isascii()


@given(st.text(string.ascii_letters + string.digits + ".+-_", min_size=1, max_size=20))
def test_ascii_case_does_not_tell_addresses_apart(local: str) -> None:
    assert normalise("email", local.upper() + "@X.NL") == normalise("email", local.lower() + "@x.nl")


@given(
    st.characters(min_codepoint=0x80, exclude_categories=["Cs"]),
    st.sampled_from("abcdefghijklmnopqrstuvwxyz"),
)
def test_no_letter_is_taken_for_an_ascii_one(char: str, letter: str) -> None:
    """T30: 'ſ', 'ı', 'K', 'ﬁ', 'ａ' and all others: another letter is another mailbox and another domain."""
    for written in (f"{char}o@x.nl", f"jo@{char}x.nl"):
        try:
            found = normalise("email", written).value
        except ValueError:
            continue
        assert found not in (f"{letter}o@x.nl", f"jo@{letter}x.nl")


@pytest.mark.parametrize("kind", ["x", "messenger", "instagram"])
def test_a_platforms_id_stays_as_the_platform_gives_it(kind: str) -> None:
    assert normalise(kind, " AbC123 ", scope="9") == Address(kind=kind, scope="9", value="AbC123")
    for wrong in ("", "  ", "a b", "a\x00"):
        with pytest.raises(ValueError):
            normalise(kind, wrong)


def test_two_scopes_are_two_places() -> None:
    assert normalise("messenger", "7", scope="1") != normalise("messenger", "7", scope="2")


@pytest.mark.parametrize("written", ["+31612345678", " +31 6 1234 5678", "+31-6-12345678", "+31.6.12345678"])
def test_an_international_number_has_one_spelling(written: str) -> None:
    assert normalise("phone", written).value == "+31612345678"


@pytest.mark.parametrize("written", ["", "+", "jo", "+12", "+3161234567812345", "+0612345678"])
def test_what_is_no_telephone_number_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="telephone number|international number"):
        normalise("phone", written)


def test_a_national_number_needs_a_library_and_a_country() -> None:
    assert normalise("phone", "06 1234 5678", region="NL").value == "+31612345678"
    assert normalise("phone", "+31 (0)6 12345678").value == "+31612345678"
    for wrong in ("06 1234 5678", "+31 20 123 4567 ext. 8"):
        with pytest.raises(ValueError, match="telephone number"):
            normalise("phone", wrong)


# --- what an address alone tells ------------------------------------------------------------------------------

ROLES = """
info support sales noreply no-reply no.reply do_not_reply mailer-daemon postmaster abuse info+nl info-nl support.eu sales2
klantenservice verkoop administratie niet-beantwoorden boekhouding
kundenservice vertrieb buchhaltung nicht-antworten büro
commercial comptabilite comptabilité ne-pas-repondre service-client contact bounces+123 bounce-jo=x.nl noreply-4711
notifications webmaster admin
ventas atencion-al-cliente contacto2 vendite segreteria.it atendimento biuro obsluga.pl satis iletisim kundtjänst salg objednavky
"""

PEOPLE = """
jo information.jansen infosmit salesman contactlens jo.info jo-sales supportive bouncer noreplying a ab x1
ordersmith jan.verkoop office.manager adminda pers.oon
ventasimon biurowski post salgado sac.ha
"""


@pytest.mark.parametrize("local", ROLES.split())
def test_a_roles_address_is_known(local: str) -> None:
    assert is_role(normalise("email", f"{local}@x.nl"))


@pytest.mark.parametrize("local", PEOPLE.split())
def test_a_persons_address_is_not_taken_for_a_roles(local: str) -> None:
    assert not is_role(normalise("email", f"{local}@info.nl"))


def test_only_mail_has_roles() -> None:
    assert not is_role(Address(kind="x", value="info"))


PURE = [
    "jo@x.nl",
    "jo@xn--mnchen-3ya.de",
    "josé@x.es",
    "иван@пример.рф",
    "info@xn--r8jz45g.jp",
    "田中さんカ",
    "김철수金",
    "12@3.4",
    "",
]
MIXED = ["jо@x.nl", "paypаl", "jo@xn--80ak6aa92e.com", "αbc", "jo\uff41", "ſam", "ıan", "ﬁn", "\u212a", "jo\uff11", "𝐣o", "ivan@пример.рф"]  # fmt: skip


@pytest.mark.parametrize("value", PURE)
def test_one_script_is_not_flagged(value: str) -> None:
    assert not mixed_script(value)


@pytest.mark.parametrize("value", MIXED)
def test_several_scripts_and_other_spellings_of_ascii_are_flagged(value: str) -> None:
    assert mixed_script(value)


def test_an_a_label_that_stands_for_nothing_is_judged_as_it_is() -> None:
    assert not mixed_script("jo@xn--\xff".encode("ascii", "ignore").decode())
    assert not mixed_script("jo@xn--99999999999.nl")


@given(st.text(max_size=30))
def test_flagging_never_raises(value: str) -> None:
    assert mixed_script(value) in (True, False)


def test_whatever_folds_to_ascii_is_flagged_and_makes_another_address() -> None:
    """T30: each character that NFKC or upper case would make equal to an ASCII one."""
    twins = [
        char
        for char in map(chr, range(0x80, 0x30000))
        if unicodedata.normalize("NFKC", char).isascii() or char.upper() in string.ascii_uppercase
    ]
    assert len(twins) > 1000
    for twin in twins:
        assert mixed_script(f"jo{twin}@x.nl"), twin
        try:
            found = normalise("email", f"jo{twin}@x.nl").value
        except ValueError:  # those that fold to a space or stand unseen
            continue
        assert not found.isascii()
