"""`verify`: would this webhook be accepted; yes or no, and why not."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from omnichannel.toolbox import sign
from tests.cli.conftest import Command

BODY = '{"text":"caf\\u00e9 \xe9"}'.encode()
SIGNED = "sha256=" + sign(SecretStr("dot"), BODY, form="hex")


def verify(
    command: Command, *more: str, header: str = f"X-Telegraph-Signature: {SIGNED}", stdin: bytes = BODY
):
    return command(
        "verify", "telegraph", "-", "--url", "https://a.example/", "--header", header, *more, stdin=stdin
    )


@pytest.mark.parametrize(
    "secrets", [["dot"], ["dash", "dot"], ["dot", "dash"]], ids=["the secret", "new and old", "old and new"]
)
def test_what_a_secret_signed_is_accepted(command: Command, secrets: list[str]) -> None:
    """During a rotation any of several secrets will do."""
    options = [word for secret in secrets for word in ("--secret", secret)]
    ran = verify(command, *options, header=f"x-telegraph-SIGNATURE:{SIGNED}")
    assert ran == (0, "accepted: HTTP 200, it would be kept and read\n", "")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"stdin": BODY + b" "}, "refused: X-Telegraph-Signature is not by one of our keys\n"),
        ({"header": "X-Other: 1"}, "refused: X-Telegraph-Signature is not by one of our keys\n"),
        ({"header": "X-Telegraph-Signature: \udcff\u20ac"}, "refused: X-Telegraph-Signature is not by one"),
        ({"header": "X-Telegraph-Signature:"}, "refused: X-Telegraph-Signature is not by one of our keys\n"),
        ({"stdin": b"crash"}, "refused: telegraph failed to read it (RuntimeError)\n"),
        ({"stdin": b"closed"}, "refused: the answer would be HTTP 503\n"),
    ],
)
def test_anything_else_is_refused_with_the_reason(
    command: Command, change: dict[str, str], reason: str
) -> None:
    """A stranger's bytes are never an error of the command."""
    ran = verify(command, "--secret", "dot", **change)
    assert (ran.status, ran.err) == (1, "")
    assert ran.out.startswith(reason)


def test_the_wrong_secret_is_refused(command: Command) -> None:
    """And not repeated."""
    ran = verify(command, "--secret", "canary-7f3a")
    assert ran.status == 1
    assert "canary" not in ran.out + ran.err


def test_a_challenge_is_answered_and_not_kept(command: Command) -> None:
    """`--method` in any case."""
    ran = command("verify", "telegraph", "-", "--method", "get", "--secret", "dot")
    assert ran == (0, "accepted: HTTP 200, it is answered at once and not kept\n", "")


def test_without_a_secret_nothing_can_be_said(command: Command) -> None:
    """That is not a refusal: it was asked wrongly."""
    ran = verify(command)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.endswith("give it with --secret\n")


def test_mail_has_no_webhook(command: Command) -> None:
    """A channel that is read, not pushed, accepts no webhook at all."""
    ran = command("verify", "email", "-", "--url", "https://a.example/", "--secret", "s")
    assert ran.status == 1
    assert ran.out.startswith("refused: email has no webhook")


@pytest.mark.parametrize(
    ("kind", "header", "form"),
    [("messenger", "X-Hub-Signature-256", "hex"), ("x", "x-twitter-webhooks-signature", "base64")],
)
def test_our_own_channels_verify_by_their_apps_secret(
    command: Command, tmp_path: Path, kind: str, header: str, form: Literal["hex", "base64"]
) -> None:
    """Each as its platform signs, over the bytes as they came."""
    body = b'{"object":"page","entry":[]}'
    (tmp_path / "body").write_bytes(body)
    signature = "sha256=" + sign(SecretStr("app"), body, form=form)
    options = (kind, str(tmp_path / "body"), "--header", f"{header}: {signature}", "--secret")
    assert command("verify", *options, "app").status == 0
    assert command("verify", *options, "other").status == 1


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    header=st.binary().filter(lambda raw: b"\0" not in raw),
    url=st.binary().filter(lambda raw: b"\0" not in raw and raw != b"--"),
    body=st.binary(),
)
def test_whatever_comes_the_answer_is_yes_or_no(
    command: Command, header: bytes, url: bytes, body: bytes
) -> None:
    """Any bytes as header, address and body: 1, and one line that says why."""
    ran = verify(
        command, "--secret", "dot", f"--url={os.fsdecode(url)}",
        header="X-Telegraph-Signature: " + os.fsdecode(header), stdin=body,
    )  # fmt: skip
    assert (ran.status, ran.err, ran.out.count("\n")) == (1, "", 1)
