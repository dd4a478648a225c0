"""Who is let in: only who proves, over exactly these bytes, to be the platform."""

from __future__ import annotations

import string
from collections.abc import Iterator, Sequence
from urllib.parse import parse_qsl

from hypothesis import given
from hypothesis import strategies as st

from omnichannel.channel import Ack, Channel, Delivery, Headers
from omnichannel.errors import ConfigError, Forged, Malformed
from omnichannel.testing.cases import Case
from omnichannel.testing.failing import fail, require
from omnichannel.testing.probing import so_many
from omnichannel.testing.subject import Subject

CHALLENGE = "c0ffee00c0ffee00c0ffee00c0ffee00"
"""What a platform could ask when a webhook is set up: every platform's questions are letters and digits."""

NO_WEBHOOK = "it has no webhook: for_verifying raises Unsupported"


def admitted(channel: Channel, delivery: Delivery, case: str) -> Ack | None:
    """The acknowledgement, or None if it was refused; Broken if anything but Forged or Malformed was raised."""
    try:
        ack: object = channel.admit(delivery)
    except (Forged, Malformed):
        return None
    except Exception as error:  # noqa: BLE001 - that it is another one is what is looked for
        fail(
            f"admit raised {type(error).__name__}: {error}; a stranger must only get Forged or Malformed",
            case=case,
        )
    if not isinstance(ack, Ack):
        fail(
            f"admit gave {type(ack).__name__}: it gives an Ack for what is signed, and raises Forged for what is not",
            case=case,
        )
    return ack


def _refuse(channel: Channel, delivery: Delivery, what: str, case: str) -> None:
    ack = admitted(channel, delivery, case)
    require(ack is None or not ack.keep, f"{what} was admitted; raise Forged", case=case)


def _signed(subject: Subject, case: Case, number: int = 0) -> Delivery:
    return subject.sign(case.delivery, subject.secret(number))


def webhooks(subject: Subject) -> Sequence[Case]:
    """The recorded webhooks of the account itself; Broken if there is none."""
    if not subject.deliveries:
        fail("it has a webhook, and no receive case that came by it; record one for the account itself")
    return subject.deliveries


def proofs(subject: Subject, case: Case) -> list[str]:
    """The headers that prove a delivery, which change with the secret; none where its URL or body does."""
    one, other = (_signed(subject, case, number) for number in (0, 1))
    if one == other:
        fail("sign makes the same of it with every secret, so nothing is signed; write sign", case=case.name)
    return [name for name, value in one.headers if other.header(name) != value]


def _with(delivery: Delivery, name: str, value: str | None) -> Delivery:
    """The delivery with another value of a header, or without it."""
    changed: Headers = tuple(
        (key, value if key == name and value is not None else old)
        for key, old in delivery.headers
        if not (key == name and value is None)
    )
    return delivery.model_copy(update={"headers": changed})


def check_what_is_signed_is_admitted(subject: Subject) -> str | None:
    """Every recorded webhook, signed as the platform signs it, is kept and answered with success.

    If it fails: compare `admit` with the platform's page on signatures: which bytes, which secret, hexadecimal or
    base64, which prefix. If `sign` in the test is wrong, mend it from that page, not from the channel.
    """
    if not subject.has_webhook:
        return NO_WEBHOOK
    of_verifying = subject.kind.for_verifying((subject.secret(0),))
    for case in webhooks(subject):
        for channel in (subject.channel(), of_verifying):
            ack = admitted(channel, _signed(subject, case), case.name)
            require(ack is not None, f"{channel!r} refused what is signed", case=case.name)
            assert ack is not None
            require(ack.keep and 200 <= ack.status < 300, f"{channel!r} answered {ack}", case=case.name)
    return None


def check_what_is_not_signed_is_refused(subject: Subject) -> str | None:
    """Without its proof a delivery is refused, whatever else it carries; without any secret everything is.

    If it fails: a missing header must end in Forged, as a wrong one does, and no secret must never mean no check.
    """
    if not subject.has_webhook:
        return NO_WEBHOOK
    channel = subject.channel()
    for case in webhooks(subject):
        names, whole = proofs(subject, case), _signed(subject, case)
        for name in names:
            _refuse(channel, _with(whole, name, None), f"a delivery without {name}", case.name)
        bare = case.delivery if not names else whole
        for name in names:
            bare = _with(bare, name, None)
        _refuse(channel, bare, "an unsigned delivery", case.name)
        _refuse(type(channel).bare(), whole, "a delivery to an instance without secrets", case.name)
    return None


def check_without_webhook_nothing_is_admitted(subject: Subject) -> str | None:
    """A channel that is read, not pushed, takes nothing that somebody posts to it.

    If it fails: raise Forged in `admit` where `delivery.source == "webhook"`.
    """
    if subject.has_webhook:
        return "it has a webhook: for_verifying makes an instance"
    for case in subject.received:
        pushed = case.delivery.model_copy(update={"source": "webhook"})
        for channel in (subject.channel(), subject.kind.bare()):
            _refuse(channel, pushed, "a delivery that nobody signed", case.name)
    return None


def check_another_secret_is_refused(subject: Subject) -> str | None:
    """What another secret signed is refused.

    If it fails: the signature is not looked at, or not made with the account's secret.
    """
    if not subject.has_webhook:
        return NO_WEBHOOK
    for case in webhooks(subject):
        for channel in (subject.channel(), subject.kind.for_verifying((subject.secret(0),))):
            _refuse(channel, _signed(subject, case, 1), "what another secret signed", case.name)
    return None


def check_secrets_rotate(subject: Subject) -> str | None:
    """While a secret is replaced both work; the retired one no longer does afterwards.

    If it fails: take several secrets (`toolbox.secrets_of`) and try every one of them (`toolbox.signed`).
    """
    if not subject.has_webhook:
        return NO_WEBHOOK
    old, new, other = (subject.secret(number) for number in range(3))
    case = webhooks(subject)[0]
    for make in (subject.channel, lambda *secrets: subject.kind.for_verifying(secrets)):
        for secret in (old, new):
            ack = admitted(make(new, old), subject.sign(case.delivery, secret), case.name)
            which = "newer" if secret == new else "older"
            require(ack and ack.keep, f"of two secrets the {which} is not taken", case=case.name)
        _refuse(make(new, old), subject.sign(case.delivery, other), "a third secret", case.name)
        _refuse(make(new), subject.sign(case.delivery, old), "the retired secret", case.name)
    return None


def check_no_secret_is_refused(subject: Subject) -> str | None:
    """An account with a webhook cannot be made without a secret: it would let everybody in.

    If it fails: use `toolbox.secrets_of`, which raises ConfigError for none and for an empty one.
    """
    if not subject.has_webhook:
        return NO_WEBHOOK
    for given_secrets in ((), ("",), (" ",), (subject.secret(0), "")):
        try:
            subject.kind.for_verifying(given_secrets)
        except ConfigError:
            continue
        except Exception as error:  # noqa: BLE001 - that it is another one is what is looked for
            fail(f"for_verifying({given_secrets!r}) raised {type(error).__name__}, not ConfigError")
        fail(f"for_verifying({given_secrets!r}) made an instance; raise ConfigError")
    return None


def check_every_character_of_the_proof_counts(subject: Subject) -> str | None:
    """A proof with one character changed, missing, or too many is refused, and so is every start of it.

    If it fails: compare the whole of it in constant time (`hmac.compare_digest`), and nothing but the whole.
    """
    if not subject.has_webhook:
        return NO_WEBHOOK
    case = webhooks(subject)[0]
    channel, whole = subject.channel(), _signed(subject, case)
    for name in proofs(subject, case):
        for value in damaged(whole.header(name)):
            _refuse(channel, _with(whole, name, value), f"{name}: {value[:200]!r}", case.name)
    return None


def damaged(proof: str) -> Iterator[str]:
    """A proof in every way that is nearly right. Replaced characters differ in more than base64's unused bits."""
    yield from (
        "",
        " ",
        proof[:-1],
        proof[1:],
        proof + "0",
        proof * 2,
        "é" * 9,
        "\udcff",
        "sha256=",
        "=",
        ",",
    )
    yield from (proof[:cut] for cut in (4, 8, 16, len(proof) // 2) if cut < len(proof))
    for at, old in enumerate(proof):
        if old in string.ascii_letters + string.digits:
            yield proof[:at] + ("0" if old in string.ascii_letters else "a") + proof[at + 1 :]


def check_the_body_is_bound(subject: Subject) -> str | None:
    """Where `can.signs_body`, one changed bit of the body is refused; where not, the proof says nothing of the body.

    If it fails: sign the raw bytes as they came, before anything reads them; or say in `can.signs_body` how it is.
    """
    if not subject.has_webhook:
        return NO_WEBHOOK
    channel = subject.channel()
    taken = 0
    for case in webhooks(subject):
        whole = _signed(subject, case)
        for body in _changed(whole):
            ack = admitted(channel, whole.model_copy(update={"body": body}), case.name)
            if subject.kind.can.signs_body:
                require(
                    not (ack and ack.keep), f"a changed body was admitted: {body[:200]!r}", case=case.name
                )
            taken += bool(ack and ack.keep)
    if not subject.kind.can.signs_body:
        require(taken, "no changed body was admitted: the proof binds it, so say signs_body=True")
    return None


def _changed(delivery: Delivery) -> Iterator[bytes]:
    """The body with one bit changed here and there, cut, and lengthened; only what reads as something else."""
    body = delivery.body
    form = "x-www-form-urlencoded" in delivery.header("content-type")
    said = sorted(parse_qsl(body.decode("latin-1"), keep_blank_values=True)) if form else None
    for at in sorted({len(body) * step // 40 for step in range(40)} & set(range(len(body)))):
        for bit in (0, 5):
            other = bytearray(body)
            other[at] ^= 1 << bit
            if said is None or sorted(parse_qsl(other.decode("latin-1"), keep_blank_values=True)) != said:
                yield bytes(other)
    if said is None:
        yield from (body + b" ", body + b"\n", body[:-1])


def check_strangers_get_only_our_errors(subject: Subject) -> str | None:
    """Whatever a stranger sends ends in Forged or Malformed: never in another error, never kept.

    If it fails: look at the request in the message. Headers, addresses and bodies may hold anything at all.
    """
    channels = (subject.channel(), subject.kind.bare())
    url = subject.deliveries[0].delivery.url if subject.deliveries else "https://hook.example/"
    names = (
        [name for case in subject.deliveries[:1] for name in proofs(subject, case)]
        if subject.has_webhook
        else []
    )

    @so_many(60)
    @given(
        st.sampled_from(["GET", "POST", "PUT", "HEAD", "é"]),
        st.text(max_size=40)
        | st.sampled_from(["?hub.challenge=1", "?crc_token=1", "[", "//[::1", "?%ff=%00"]),
        st.text(max_size=60) | st.sampled_from(["v0=", "sha256=", "Bearer ", "a.b.c", "t=1,v1=2"]),
        st.binary(max_size=80) | st.sampled_from([b"{}", b"[]", b"null", b'{"type":"url_verification"}']),
    )
    def probe(method: str, tail: str, value: str, body: bytes) -> None:
        headers = tuple((name, value) for name in [*names, "authorization", "content-type"])
        delivery = Delivery(method=method, url=url + tail, headers=headers, body=body)
        for channel in channels:
            _refuse(channel, delivery, f"{delivery!r} with {body!r}", "a stranger's request")

    probe()
    return None


CHECKS = (
    check_what_is_signed_is_admitted,
    check_what_is_not_signed_is_refused,
    check_without_webhook_nothing_is_admitted,
    check_another_secret_is_refused,
    check_secrets_rotate,
    check_no_secret_is_refused,
    check_every_character_of_the_proof_counts,
    check_the_body_is_bound,
    check_strangers_get_only_our_errors,
)
