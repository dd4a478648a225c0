"""Who a sender is proven to be: only by a server that we trust, only above what came with the mail."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.channels.email.authentication import aligned, parse_results
from omnichannel.channels.email.parse import parse
from omnichannel.model import Strength

OURS = "mx.shop.example"
PASS = f"Authentication-Results: {OURS}; dmarc=pass header.from=klant.nl"
FAIL = f"Authentication-Results: {OURS}; dmarc=fail header.from=klant.nl"
HOP = f"Received: from evil.example (evil.example [203.0.113.9]) by {OURS} with ESMTPS; Mon, 3 Feb 2025 14:02:00 +0000"
INNER = f"Received: from {OURS} (localhost [127.0.0.1]) by store.shop.example with LMTP; Mon, 3 Feb 2025 14:02:01 +0000"
FOREIGN = (
    "Received: from a.example (a.example [198.51.100.7]) by relay.example; Mon, 3 Feb 2025 14:00:00 +0000"
)
FROM = "From: Klant <klant@klant.nl>"


def verdict(*headers: str, trusted: tuple[str, ...] = (OURS,)) -> tuple[Strength, str]:
    raw = "\r\n".join([*headers, "Message-ID: <a@klant.nl>", "", "hi"]).encode()
    message = parse(raw, trusted=trusted)[0]
    assert message.event == "received"
    return message.strength, message.method


PROVEN = (Strength.VERIFIED, "dmarc")
CLAIMED = (Strength.ASSERTED, "from")


@pytest.mark.parametrize(
    "headers",
    [
        (PASS, HOP, FROM),
        (HOP, PASS, FROM),
        (INNER, HOP, PASS, FROM),
        (INNER, PASS, HOP, FROM),
        (f"Received: from mail.klant.nl by {OURS} with ESMTP", PASS, FROM),
        (f"Received: from store.shop.example by {OURS}", HOP, PASS, FROM),
        (f"Received: from {OURS} ([999.1.1.1]) by {OURS}", HOP, PASS, FROM),
        (f"Received: from localhost ([fe80::1]) by {OURS}", HOP, PASS, FROM),
        (f"Authentication-Results: {OURS}; dkim=pass header.d=klant.nl", HOP, FROM),
        (f"Authentication-Results: {OURS}; dkim=pass header.i=@klant.nl", HOP, FROM),
        (f"Authentication-Results: {OURS}; dkim=pass header.d=klant.nl", HOP, "From: a@mail.klant.nl"),
        (f"Authentication-Results: {OURS.upper()}.; dmarc=pass (p=none) header.from=KLANT.nl", HOP, FROM),
        (
            f"Authentication-Results: {OURS} 1; spf=fail smtp.mailfrom=x;\r\n\tdmarc=pass header.from=klant.nl",
            HOP,
            FROM,
        ),
        (f"Authentication-Results: {OURS}; dkim=fail header.d=klant.nl", PASS, HOP, FROM),
        (PASS, f"Authentication-Results: {OURS}; dmarc=fail header.from=klant.nl", HOP, FROM),
    ],
)
def test_the_word_of_our_own_server_about_the_domain_of_from_proves_it(headers):
    assert verdict(*headers) == PROVEN


@pytest.mark.parametrize(
    "headers",
    [
        (FROM,),
        (HOP, FROM),
        (FAIL, HOP, FROM),
        # forged below the real one, or below a hop that is not ours, or below two hops
        (FAIL, HOP, PASS, FROM),
        (HOP, FAIL, PASS, FROM),
        (HOP, FOREIGN, PASS, FROM),
        (HOP, HOP, PASS, FROM),
        (f"Received: from mail.klant.nl by {OURS} with ESMTP", HOP, PASS, FROM),
        (f"Received: from mail.klant.nl ([2001:db8::1]) by {OURS}", HOP, PASS, FROM),
        (FOREIGN, PASS, FROM),
        # another server's header ends the run
        ("Authentication-Results: other.example; none", PASS, HOP, FROM),
        ("Authentication-Results: evil.example; dmarc=pass header.from=klant.nl", HOP, FROM),
        ("Authentication-Results: dmarc=pass header.from=klant.nl", HOP, FROM),
        # hidden in comments, quotes and other properties
        (
            f"Authentication-Results: {OURS}; spf=pass (a; dmarc=pass header.from=klant.nl) smtp.mailfrom=x",
            HOP,
            FROM,
        ),
        (f'Authentication-Results: {OURS}; spf=fail reason="; dmarc=pass header.from=klant.nl"', HOP, FROM),
        (f"Authentication-Results: {OURS}; dmarc=fail reason=x header.from=klant.nl dmarc=pass", HOP, FROM),
        (f"Authentication-Results: ({OURS}) evil.example; dmarc=pass header.from=klant.nl", HOP, FROM),
        # about another domain
        (f"Authentication-Results: {OURS}; dmarc=pass header.from=evil.example", HOP, FROM),
        (f"Authentication-Results: {OURS}; dmarc=pass header.from=nl", HOP, FROM),
        (f"Authentication-Results: {OURS}; dmarc=pass", HOP, FROM),
        (f"Authentication-Results: {OURS}; dkim=pass header.d=evil.klant.nl", HOP, FROM),
        (f"Authentication-Results: {OURS}; dkim=pass header.d=nl", HOP, FROM),
        (f"Authentication-Results: {OURS}; dkim=pass header.d=notklant.nl", HOP, FROM),
        (
            f"Authentication-Results: {OURS}; dkim=pass header.d=klant.nl; dmarc=fail header.from=klant.nl",
            HOP,
            FROM,
        ),
        # SPF alone proves the envelope
        (f"Authentication-Results: {OURS}; spf=pass smtp.mailfrom=a@klant.nl", HOP, FROM),
        # nobody can tell whose mail it is
        (PASS, HOP, FROM, "From: eve@evil.example"),
        (PASS, HOP, "From: klant@klant.nl, eve@evil.example"),
        (PASS, HOP, "From: <klant@klant.nl>eve@evil.example"),
        (PASS, HOP, "From: root"),
        (PASS, HOP),
    ],
)
def test_everything_else_is_only_a_claim(headers):
    assert verdict(*headers) == CLAIMED


def test_without_a_trusted_server_nobody_is_proven():
    assert verdict(PASS, HOP, FROM, trusted=()) == CLAIMED


def test_gmail_stamps_below_its_own_hops():
    headers = (
        "Received: by 2002:a05:6000:1234 with SMTP id x; Mon, 3 Feb 2025 06:02:00 -0800 (PST)",
        "ARC-Authentication-Results: i=1; mx.google.com; dmarc=pass header.from=evil.example",
        "Received: from mail.klant.nl (mail.klant.nl. [203.0.113.9]) by mx.google.com with ESMTPS id y",
        "Authentication-Results: mx.google.com; dkim=pass header.i=@klant.nl; dmarc=pass (p=NONE) header.from=klant.nl",
        FROM,
    )
    assert verdict(*headers, trusted=("mx.google.com",)) == PROVEN


def test_microsoft_names_no_server_and_only_its_topmost_header_counts():
    hop = (
        "Received: from AM0.eurprd.prod.outlook.com (2603:10a6::1) by DB1.eurprd.prod.outlook.com with HTTPS"
    )
    own = "Authentication-Results: spf=pass smtp.mailfrom=klant.nl; dkim=none;dmarc=pass action=none header.from=klant.nl;compauth=pass reason=100"
    forged = "Authentication-Results: dmarc=pass header.from=klant.nl"
    fail = "Authentication-Results: spf=fail smtp.mailfrom=evil.example; dmarc=fail header.from=klant.nl"
    assert verdict(hop, own, FROM, trusted=("m365",)) == PROVEN
    assert verdict(hop, fail, forged, FROM, trusted=("m365",)) == CLAIMED
    assert verdict(hop, own, FROM, trusted=(OURS,)) == CLAIMED


@pytest.mark.parametrize(
    ("header", "note"),
    [
        (f"Authentication-Results: {OURS}; spf=pass smtp.mailfrom=a@klant.nl", "spf_only"),
        (FAIL, "not_authenticated"),
    ],
)
def test_why_a_sender_is_not_proven_is_noted(header, note):
    message = parse(f"{header}\r\n{HOP}\r\n{FROM}\r\n\r\nhi".encode(), trusted=(OURS,))[0]
    assert message.event == "received"
    assert note in message.notes


@pytest.mark.parametrize(
    ("value", "server", "verdicts"),
    [
        ("mx.x; none", "mx.x", []),
        ("mx.x 1; spf=pass smtp.mailfrom=a@b", "mx.x", [("spf", "pass")]),
        ("spf=fail (x) smtp.mailfrom=a; receiver.com; dkim=none", "", [("spf", "fail"), ("dkim", "none")]),
        ("mx.x; dkim/1 = pass header.d=b", "mx.x", [("dkim", "pass")]),
        ("mx.x; x-own=pass; dmarc=pass", "mx.x", [("dmarc", "pass")]),
        ('"mx.x"; spf=none', "mx.x", [("spf", "none")]),
        ("", "", []),
        ("()", "", []),
    ],
)
def test_results_are_read_as_servers_write_them(value, server, verdicts):
    found, results = parse_results(value)
    assert found == server
    assert [(one.method, one.verdict) for one in results] == verdicts


def test_a_domain_speaks_for_itself_and_those_below_it():
    assert [aligned(one, "b.nl") for one in ("b.nl", "a.b.nl", "nl", "", "xb.nl")] == [
        True,
        False,
        False,
        False,
        False,
    ]
    assert aligned("b.nl", "a.b.nl")


@given(st.text(alphabet='abc;=()"\\ .dmarcpsx\udcff', max_size=80))
def test_no_header_makes_reading_results_raise(value):
    parse_results(value)


@pytest.mark.parametrize("pump", ["(", '"', ";", "a=b ", "dkim=pass ", '"\\', "()", "dkim=pass header.d=x;"])
def test_pumped_results_are_read_in_linear_time(pump):
    began = time.process_time()
    parse_results(pump * (64_000 // len(pump)))
    assert time.process_time() - began < 5
