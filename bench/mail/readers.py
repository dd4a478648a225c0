"""How others read a mail, and what of it: the subject, who wrote to whom, the words, the HTML, every file decoded."""

from __future__ import annotations

from collections.abc import Callable
from email import policy
from email.parser import BytesParser
from importlib import import_module

Reader = Callable[[bytes], object]


def standard(raw: bytes) -> object:
    """The standard library, with its modern policy."""
    mail = BytesParser(policy=policy.default).parsebytes(raw)
    bodies = [mail.get_body((kind,)) for kind in ("plain", "html")]
    words = [body.get_content() for body in bodies if body]
    files = [part.get_content() for part in mail.iter_attachments()]
    return (mail["subject"], mail["from"].addresses, mail["to"].addresses, words, files)


def anymail() -> Reader:
    """django-anymail's own class for what comes in; raises ImportError without it."""
    settings = import_module("django.conf").settings
    if not settings.configured:
        settings.configure(DEFAULT_CHARSET="utf-8")
    read = import_module("anymail.inbound").AnymailInboundMessage.parse_raw_mime_bytes

    def reader(raw: bytes) -> object:
        mail = read(raw)
        files = [file.get_content_bytes() for file in mail.attachments]
        return (mail.subject, mail.from_email, mail.to, mail.text, mail.html, files)

    return reader


def mail_parser() -> Reader:
    """mail-parser; raises ImportError without it."""
    read = import_module("mailparser").parse_from_bytes

    def reader(raw: bytes) -> object:
        mail = read(raw)
        return (mail.subject, mail.from_, mail.to, mail.text_plain, mail.text_html, mail.attachments)

    return reader


def fast_mail_parser() -> Reader:
    """fast-mail-parser, which is compiled; raises ImportError without it."""
    read = import_module("fast_mail_parser").parse_email

    def reader(raw: bytes) -> object:
        mail = read(raw)
        files = [file.content for file in mail.attachments]
        return (mail.subject, mail.from_, mail.to, mail.text_plain, mail.text_html, files)

    return reader


OTHERS: dict[str, Callable[[], Reader]] = {
    "django-anymail": anymail,
    "mail-parser": mail_parser,
    "fast-mail-parser": fast_mail_parser,
}


def readers() -> tuple[dict[str, Reader], list[str]]:
    """Every reader that is installed, by its library's name; and the names of those that are not."""
    found: dict[str, Reader] = {"standard library": standard}
    missing = []
    for name, make in OTHERS.items():
        try:
            found[name] = make()
        except ImportError:
            missing.append(name)
    return found, missing
