"""Settings that most platforms have: what is taken, and that a wrong one is named with its cure."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from omnichannel.errors import ConfigError
from omnichannel.toolbox import host_of, is_loopback, secret_of


@pytest.mark.parametrize(
    ("given", "host"),
    [
        ("https://api.example", "https://api.example"),
        ("https://api.example:8443/", "https://api.example:8443"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://localhost/", "http://localhost"),
        ("http://[::1]:81", "http://[::1]:81"),
    ],
)
def test_a_host_stands_without_a_slash(given: str, host: str) -> None:
    assert host_of(given, "host", "Leave it out") == host


@pytest.mark.parametrize(
    "given",
    [
        "", "api.example", "http://api.example", "https://api.example/v1", "https://me:secret@api.example",
        "https://api.example?x=1", "https://api.example\n", "http://127.0.0.1.evil.example", "ftp://api.example",
    ],
)  # fmt: skip
def test_a_host_is_https_or_this_machine_and_has_no_path_or_login(given: str) -> None:
    with pytest.raises(ConfigError, match="Leave it out") as caught:
        host_of(given, "data_host", "Leave it out")
    assert caught.value.setting == "data_host"


@pytest.mark.parametrize("given", ["", "two words", "line\nbreak", SecretStr("tab\tin it")])
def test_a_secret_can_stand_in_a_header(given: str | SecretStr) -> None:
    assert secret_of(SecretStr("good"), "token", "Make one").get_secret_value() == "good"
    with pytest.raises(ConfigError, match="Make one") as caught:
        secret_of(given, "token", "Make one")
    assert caught.value.setting == "token"
    assert "two" not in str(caught.value)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.9.10", "::1"])
def test_this_machine_is_this_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["", "10.0.0.1", "0.0.0.0", "::", "127.1", "localhost.example", "127.0.0.1.nip.io", "api.example"]
)
def test_no_other_host_is_taken_for_this_machine(host: str) -> None:
    assert not is_loopback(host)
