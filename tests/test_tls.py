"""The certificates of authorities are read once, by whoever of us speaks HTTP, and again when they were replaced."""

from __future__ import annotations

import ast
import os
import shutil
import ssl
from pathlib import Path

import certifi
import httpx
import pytest

import omnichannel
from omnichannel.http import Client
from omnichannel.tls import trusted

SOURCES = Path(omnichannel.__file__).parent
MAKES = {
    "AsyncClient",
    "Client",
    "AsyncHTTPTransport",
    "HTTPTransport",
    "delete",
    "get",
    "post",
    "put",
    "request",
}


@pytest.fixture(autouse=True)
def nobody_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)


def test_they_are_read_once() -> None:
    assert trusted() is trusted()
    assert trusted().cert_store_stats()["x509_ca"] > 50


def test_whom_the_environment_names_is_trusted_instead(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """From the moment at which it does; and what was replaced is read again."""
    everybody, file = trusted(), tmp_path / "ours.pem"
    shutil.copy(certifi.where(), file)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    ours = trusted()
    assert ours is not everybody
    assert trusted() is ours
    os.utime(file, ns=(1, 1))
    assert trusted() is not ours


def test_no_client_of_ours_reads_them_by_itself() -> None:
    """Whatever makes a client of httpx says whom it trusts."""
    found, silent = 0, []
    for file in SOURCES.rglob("*.py"):
        source = file.read_text("utf-8")
        for node in ast.walk(ast.parse(source)) if "httpx." in source else ():
            if isinstance(node, ast.Call) and _makes_a_client(node.func):
                found += 1
                if not any(keyword.arg == "verify" for keyword in node.keywords):
                    silent.append(f"{file.relative_to(SOURCES)}:{node.lineno}")
    assert found > 10
    assert silent == []


def test_a_channels_client_trusts_them_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever writes a channel makes `http.Client`, and has not to know of this."""
    trusted()
    monkeypatch.setattr(httpx, "create_ssl_context", None)  # whoever reads them anew breaks
    monkeypatch.setattr(ssl, "create_default_context", None)
    assert Client()._transport._pool._ssl_context is trusted()
    others = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    assert Client(verify=others)._transport._pool._ssl_context is others


def _makes_a_client(called: ast.expr) -> bool:
    match called:
        case ast.Attribute(value=ast.Name(id="httpx"), attr=name):
            return name in MAKES
    return False
