"""Checking the settings of an account, and what they come to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar, get_args
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import SecretStr

from omnichannel.channels.letter.phrases import LANGUAGES, Language
from omnichannel.channels.letter.pingen import PRODUCTS, Options
from omnichannel.channels.letter.postal import MOST_LINES
from omnichannel.errors import ConfigError
from omnichannel.toolbox import host_of, is_loopback, secrets_of

Window = Literal["left", "right"]
Security = Literal["tls", "starttls", "plain"]
_WINDOWS: Mapping[str, Window] = {each: each for each in get_args(Window)}
_T = TypeVar("_T")

PINGEN = "https://api.pingen.com"
IDENTITY = "https://identity.pingen.com"
"""Pingen's production servers; for trying out `https://api-staging.pingen.com` and `https://identity-staging.pingen.com`."""

FONT = Path(__file__).parent / "fonts" / "DejaVuSans.ttf"
"""What letters are set in where an account's own fonts have nothing: Latin, Greek, Cyrillic, Georgian and more."""

_ORGANISATION = re.compile(r"[0-9a-fA-F-]{36}")


@dataclass(frozen=True)
class Letterhead:
    """How our letters look. `address` is ours, line by line; `more` stands below it (telephone, website, bank).

    `posted` is where a print service puts stamps and marks on the page, so that nothing of ours may stand there.
    """

    address: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    language: Language = "en"
    window: Window = "left"
    zone: str = "UTC"
    fonts: tuple[Path, ...] = (FONT,)
    posted: bool = False


def lines_of(setting: str, written: str | Sequence[str]) -> tuple[str, ...]:
    """Lines out of a text with line breaks, or with commas; or as they are."""
    if isinstance(written, str):
        rows = written.splitlines() if "\n" in written.strip() else written.split(",")
    else:
        rows = list(written)
    found = tuple(row.strip() for row in rows if row.strip())
    if len(found) > MOST_LINES:
        raise ConfigError(setting, f"{len(found)} lines", f"At most {MOST_LINES} fit on paper")
    return found


def own_address(written: str | Sequence[str]) -> tuple[str, ...]:
    """Our address: who we are, the street and the town at least. Raises ConfigError."""
    found = lines_of("address", written)
    if len(found) < 3:
        cure = "Write it as on an envelope: name, street and number, postcode and town, each on a line of its own"
        raise ConfigError(
            "address", "it is missing" if not found else f"{len(found)} lines are no address", cure
        )
    return found


@dataclass(frozen=True)
class Paper:
    """How a letter is laid out, as it was set."""

    language: str
    window: str
    zone: str
    fonts: tuple[str, ...]


def letterhead(
    address: str | Sequence[str], more: str | Sequence[str], paper: Paper, *, posted: bool
) -> Letterhead:
    """The letterhead of these settings. Raises ConfigError for the first that is wrong."""
    language = one_of("language", paper.language, LANGUAGES)
    window = one_of("window", paper.window, _WINDOWS)
    try:
        ZoneInfo(paper.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ConfigError(
            "zone", f"{paper.zone!r} is no time zone", "Use a name such as Europe/Amsterdam"
        ) from None
    fonts = (*(Path(each) for each in paper.fonts), FONT)
    missing = next((each.name for each in fonts if not each.is_file()), None)
    if missing is not None:
        raise ConfigError(
            "font", f"there is no {missing!r}", "Give the path of a TrueType file, or leave it out"
        )
    rows = lines_of("letterhead", more)
    return Letterhead(own_address(address), rows, language, window, paper.zone, fonts, posted)


def refuse_two_ways_out(outbox: Path | None, service: Service | None) -> None:
    """A letter is printed once. Raises ConfigError where a folder and a service are both set."""
    if outbox is not None and service is not None:
        cure = "Leave one of them out, or make two accounts"
        raise ConfigError("outbox", "letters would go to this folder and to Pingen", cure)


def folder_of(setting: str, written: str) -> Path | None:
    """A folder; None if none is set. Raises ConfigError for one that is not there: it may not be mounted."""
    if not written:
        return None
    path = Path(written)
    try:
        found = path.is_dir()
    except (OSError, ValueError):  # a name that no file system takes
        found = False
    if not found:
        raise ConfigError(setting, f"there is no folder {written!r}", "Make it, mount it, or mend the path")
    return path


@dataclass(frozen=True)
class Mailbox:
    """The mailbox that a scanner mails to, as whom we read it, and the only senders that are scanners."""

    security: Security
    host: str
    port: int
    user: str
    password: SecretStr
    folder: str
    scanners: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True)
class Intake:
    """Where scans come from, and how they are read. `languages` are tesseract's; empty: pictures are not read."""

    inbox: Path | None = None
    mailbox: Mailbox | None = None
    settle: float = 5.0
    languages: str = ""


_PORTS: Mapping[str, tuple[Security, int]] = {
    "imaps": ("tls", 993),
    "imap+starttls": ("starttls", 143),
    "imap": ("plain", 143),
}
_LANGUAGES = re.compile(r"[A-Za-z_]{3,20}(?:\+[A-Za-z_]{3,20}){0,7}")


def intake(inbox: str, imap: str | SecretStr, scanners: Sequence[str], settle: float, ocr: str) -> Intake:
    """Where scans come from. Raises ConfigError for the first setting that is wrong."""
    if ocr and not _LANGUAGES.fullmatch(ocr):
        raise ConfigError(
            "ocr", f"{ocr[:40]!r} are no languages of tesseract", "Write them as nld+eng; empty for no OCR"
        )
    if not 0 <= settle <= 3600:
        raise ConfigError(
            "settle", f"{settle} s is no time to wait for a scanner", "Use 5, or 60 for a slow one"
        )
    url = imap.get_secret_value() if isinstance(imap, SecretStr) else imap
    return Intake(folder_of("inbox", inbox), _mailbox(url, scanners) if url else None, settle, ocr)


def _mailbox(url: str, scanners: Sequence[str]) -> Mailbox:
    """Messages never repeat the URL: the password is in it."""
    cure = (
        "Write it as imaps://user:password@mail.example.org/Scans; percent-encode / # ? @ : % in a password"
    )
    try:
        parts = urlsplit(url.strip())
        port, host, (security, usual) = parts.port, parts.hostname or "", _PORTS[parts.scheme]
    except (ValueError, KeyError):
        raise ConfigError("imap", "it is no such URL", cure) from None
    if not host or not parts.username or not parts.password or parts.query or parts.fragment:
        raise ConfigError("imap", "host, user or password is missing, or there is a ? or # in it", cure)
    if security == "plain" and not is_loopback(host):
        raise ConfigError(
            "imap", f"imap:// to {host} would show the password", "Use imaps:// or imap+starttls://"
        )
    if isinstance(scanners, str) or not scanners or not all("@" in each for each in scanners):
        problem = "nobody is named whose mail is a scan, and anybody can write to a mailbox"
        raise ConfigError("scanners", problem, "Give the addresses that your scanners send from, as a list")
    senders = tuple(each.strip().lower() for each in scanners)
    folder, secret = unquote(parts.path.strip("/")) or "INBOX", SecretStr(unquote(parts.password))
    return Mailbox(security, host, port or usual, unquote(parts.username), secret, folder, senders)


@dataclass(frozen=True)
class Service:
    """Our account at Pingen: how it prints, and who we are there."""

    options: Options
    identity: str
    client: str
    secret: SecretStr


_HOST_CURE = "Leave it out for production"
_CLIENT_CURE = "Make one in Pingen's app: Settings > API > Create app (grant: client credentials)"
KEY_CURE = "Make up a long random word, and give the same to Pingen when you make its webhooks"


def service(
    organisation: str,
    client: str,
    secret: str | SecretStr,
    product: str,
    extras: Sequence[str],
    host: str,
    identity: str,
) -> Service | None:
    """The account at Pingen; None where no organisation is set. Raises ConfigError for the first that is wrong."""
    if not organisation:
        return None
    unknown = sorted(set(extras) - {"duplex", "color"})
    if unknown:
        raise ConfigError("pingen_options", f"there is no {unknown[0]!r}", "There are duplex and color")
    if not client.strip():
        raise ConfigError("pingen_client", "it is missing", _CLIENT_CURE)
    (known,) = secrets_of(secret, "pingen_secret", _CLIENT_CURE)
    options = Options(
        host=host_of(host, "pingen_host", _HOST_CURE),
        organisation=organisation_of(organisation),
        product=one_of("pingen_product", product, PRODUCTS),
        duplex="duplex" in extras,
        colour="color" in extras,
    )
    return Service(options, host_of(identity, "pingen_identity", _HOST_CURE), client, known)


def keys_of(
    given: str | SecretStr | Iterable[str | SecretStr] | None, *, needed: bool
) -> tuple[SecretStr, ...]:
    """What signs Pingen's webhooks; raises ConfigError where there is none and we are at Pingen."""
    return () if given is None and not needed else secrets_of(given, "pingen_key", KEY_CURE)


def organisation_of(given: str) -> str:
    """The id of an organisation at Pingen, a UUID."""
    if not _ORGANISATION.fullmatch(given):
        raise ConfigError("pingen_organisation", "it is no UUID", "It stands in the address of Pingen's app")
    return given.lower()


def one_of(setting: str, given: str, known: Mapping[str, _T]) -> _T:
    """What a word stands for. Raises ConfigError with the words that there are."""
    if given not in known:
        raise ConfigError(setting, f"{given[:20]!r} is none of what there is", f"Use {', '.join(known)}")
    return known[given]
