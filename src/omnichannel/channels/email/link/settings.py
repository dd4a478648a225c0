"""Where a mailbox lives and how we log in: read from URLs and keywords, wrong ones refused with the cure."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import SplitResult, unquote, urlsplit

from pydantic import SecretStr

from omnichannel.channels.email.addrspec import addr_spec
from omnichannel.errors import ConfigError, Unsupported
from omnichannel.toolbox import is_loopback

Protocol = Literal["imap", "smtp"]
Security = Literal["tls", "starttls", "plain"]
Token = str | SecretStr | Callable[[], str]
"""An OAuth access token, or what gives a fresh one; it is called in a thread of ours, before every login."""

# RFC 8314 §3.2 and §3.3: implicit TLS first; 143 and 587 with STARTTLS.
_PORTS = {
    ("imap", "tls"): 993, ("imap", "starttls"): 143, ("imap", "plain"): 143,
    ("smtp", "tls"): 465, ("smtp", "starttls"): 587, ("smtp", "plain"): 25,
}  # fmt: skip


@dataclass(frozen=True)
class Login:
    """Who we are to a mail server: a user, and a password or a source of OAuth tokens (then XOAUTH2)."""

    user: str
    password: SecretStr | None = None
    token: Callable[[], SecretStr] | None = None


@dataclass(frozen=True)
class Server:
    """One mail server: where, how the connection is secured, and as whom (None: without logging in)."""

    protocol: Protocol
    security: Security
    host: str
    port: int
    login: Login | None
    folder: str = ""
    ca_file: str = ""

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    def tls(self) -> ssl.SSLContext:
        """What verifies the server: certificate chain and host name, always."""
        return ssl.create_default_context(cafile=self.ca_file or None)


@dataclass(frozen=True)
class Keys:
    """The credentials that were given beside the URLs, for both servers; `address` is the user by default."""

    address: str = ""
    user: str | None = None
    password: str | SecretStr | None = field(default=None, repr=False)
    token: Token | None = field(default=None, repr=False)
    ca_file: str = ""


def server(setting: Protocol, url: str, keys: Keys) -> Server:
    """Read a server from its URL and the credentials beside it, which win over those in the URL.

    Raises ConfigError with `setting` when the URL cannot be used or would send a password in the clear.
    """
    parts, security, port = _split(setting, url)
    host = parts.hostname or ""
    if security == "plain" and not is_loopback(host):
        raise ConfigError(
            setting,
            f"{setting}:// to {host} would send mail and password unencrypted",
            f"Use {setting}s:// or {setting}+starttls://",
        )
    login = _login(setting, parts, keys)
    if keys.ca_file:
        _check_ca(keys.ca_file)
    return Server(
        protocol=setting,
        security=security,
        host=host,
        port=port or _PORTS[setting, security],
        login=login,
        folder=unquote(parts.path.strip("/")),
        ca_file=keys.ca_file,
    )


def mailbox_address(address: str, setting: str = "address") -> str:
    """An address of our own, checked; raises ConfigError."""
    try:
        return addr_spec(address.strip())
    except Unsupported as error:
        raise ConfigError(setting, str(error), "Give the mailbox's own address") from None


def _split(setting: Protocol, url: str) -> tuple[SplitResult, Security, int | None]:
    """The URL in pieces. Messages never repeat it: it may hold the password."""
    schemes: dict[str, Security] = {f"{setting}s": "tls", f"{setting}+starttls": "starttls", setting: "plain"}
    cure = f"Write it as {setting}s://user:password@mail.example.org (or {setting}+starttls://…)"
    try:
        parts = urlsplit(url.strip())
        host, port, security = parts.hostname, parts.port, schemes.get(parts.scheme)
    except ValueError:
        # The reason would quote a piece of the password.
        raise ConfigError(
            setting, "not a URL", cure + "; percent-encode / # ? [ ] @ : % in a password"
        ) from None
    if security is None:
        raise ConfigError(setting, f"the URL begins with {parts.scheme or 'no scheme'!r}", cure)
    if not host:
        raise ConfigError(setting, "the URL names no host", cure)
    if parts.query or parts.fragment:
        raise ConfigError(setting, "the URL has a ? or # in it", cure + "; in a password write %3F and %23")
    return parts, security, port


def _login(setting: Protocol, parts: SplitResult, keys: Keys) -> Login | None:
    named = keys.user or unquote(parts.username or "")
    password = _password(parts, keys)
    if password is not None and keys.token is not None:
        raise ConfigError(setting, "a password and a token are both given", "Give one of them")
    if password is None and keys.token is None:
        if setting == "smtp" and not named:
            return None
        cure = "Give `password`, `token`, or put the password into the URL"
        raise ConfigError(setting, f"no password or token for {named or keys.address}", cure)
    user = named or keys.address
    if any(char < " " for char in user + (password.get_secret_value() if password else "")):
        raise ConfigError(setting, "a control character in user or password", "Take out the line break")
    return Login(user, password, _tokens(keys.token) if keys.token else None)


def _password(parts: SplitResult, keys: Keys) -> SecretStr | None:
    if isinstance(keys.password, SecretStr):
        return keys.password if keys.password.get_secret_value() else None
    in_url = unquote(parts.password or "") if keys.token is None else ""
    secret = keys.password or in_url
    return SecretStr(secret) if secret else None


def _tokens(token: Token) -> Callable[[], SecretStr]:
    if callable(token):
        return lambda: SecretStr(token().strip())
    fixed = token if isinstance(token, SecretStr) else SecretStr(token)
    return lambda: fixed


def _check_ca(ca_file: str) -> None:
    try:
        ssl.create_default_context(cafile=ca_file)
    except (OSError, ValueError) as error:
        raise ConfigError("ca_file", str(error), "Give a PEM file with the certificate to believe") from None
