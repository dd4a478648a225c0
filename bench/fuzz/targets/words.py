"""Every public function of the library that makes something of nothing but text or bytes, found by its signature.

So that a parser that somebody writes tomorrow is fuzzed tomorrow, without being told to anybody. What a function may
raise is what it is there to say: errors of ours, and ValueError, which pydantic makes a refusal of.
"""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from types import ModuleType

from bench.fuzz.mutate import mutated_text
from bench.fuzz.target import Target, refusing
from omnichannel.errors import OmnichannelError

ROOMS = ("toolbox", "channels", "platforms", "identity", "threads", "html", "model", "fetching", "config")
"""Where those who read a stranger's words live; the rest works on what these made of them."""

APART = ".link"
"""What dials, in a channel: not called here."""

BETWEEN = b"\x1f"
"""Parts an input into the arguments of a function that takes several."""

NOT_HERE = {
    "omnichannel.channels.letter.enclosures.enclosed": "takes our own files",
    "omnichannel.identity.blocked.is_blocked": "takes what `normalise` made",
    "omnichannel.config.load": "takes a path; files.py gives it files",
    "omnichannel.config.place": "takes a path",
    "omnichannel.channels.letter.settings.folder_of": "takes a path",
    "omnichannel.platforms.meta.messaging.saying.signal": "takes a sign of ours",
    "omnichannel.channels.whatsapp.render.sign": "takes a sign of ours",
    "omnichannel.identity.tokens.new_token": "takes our own random bytes",
    "omnichannel.identity.codes.new_code": "takes our own random bytes",
    "omnichannel.channels.webchat.passes.visitor_id": "takes our own random bytes",
}
"""Functions that read nobody's words, and why."""

_HOW = {"str": "str", "bytes": "bytes", "Iterable[str]": "lines", "Sequence[str]": "lines"}
"""How an argument is made of an input, by its annotation as it is written."""

_SEEDS: tuple[bytes, ...] = (
    b"Jan de Vries <jan.devries+shop@example.nl>", b'"Vries, J. de" <jan@xn--mnchen-3ya.example>, Group: a@b.nl;',
    b"+31 6 12345678", b"06-12345678 ext. 5", b"Mon, 02 Mar 2026 09:30:00 +0100 (CET)", b"2026-03-02T09:30:00.123Z",
    b"2 maart 2026", b"03/02/1980", b"=?utf-8?B?Z3JvZXRlbg==?= =?iso-8859-1?Q?caf=E9?=",
    b'text/html; charset="utf-8"', b"multipart/mixed; boundary==_b; name*0*=utf-8''a%20b; name*1=c.pdf",
    b"<abc.123@mail.example> <x@y>",
    b"mx.shop.example; dkim=pass header.d=example.nl; spf=fail smtp.mailfrom=x@y; dmarc=pass header.from=example.nl",
    b"On Mon, 2 Mar 2026 at 09:30, Jan <jan@example.nl> wrote:\n> Hello\n> > Older\n\n-- \nJan\nSent from my iPhone",
    b"Van: Jan <jan@example.nl>\nVerzonden: maandag 2 maart 2026 09:30\nAan: Shop\nOnderwerp: Vraag\n\nHallo",
    b'<div>Hi<blockquote type=cite>Old</blockquote><script>x</script><a href="https://a.example/?b=c&d">l</a></div>',
    b"octabcdefghijklmnopqrstuvwxyz2", b"ocm" + b"a" * 40, b"AB12-CD34", b"https://user:pw@[::1]:8443/a/../b?c=d#e",
    b"Familie De Jong\nKeizersgracht 12-II\n1015 CN Amsterdam\nNederland", b'{"a": [1, "x", null, {"b": 1.5}]}',
    b"a=b&c=%C3%A9&d=", b"%PDF-1.4\n", b"\x89PNG\r\n\x1a\n", b"mo-vr 09:00-17:30; za 10-12", b"Europe/Amsterdam",
    b"aGVsbG8gd29ybGQ=", b"caf=C3=A9=\nsoft", "Müller-Lüdenscheidt, Dr. Hans-Jürgen".encode(), "山田 太郎".encode(),
    "Иван Петров".encode(), b"B.V. Bakkerij 't Hoekje", b"1015CN", b"12-03-1980", b"invoice.pdf", b"NL123456789B01",
)  # fmt: skip


def targets() -> Iterator[Target]:
    """One for each such function."""
    for name, function, takes in found():
        go = refusing(_called(function, takes), OmnichannelError, ValueError)
        yield Target(f"words/{name}", go, _SEEDS, mutated_text)


def found() -> Iterator[tuple[str, Callable[..., object], list[str]]]:
    """Every such function: its name after `omnichannel.`, itself, and how each argument is made of text."""
    for module in _modules():
        for kept in vars(module).values():
            function = inspect.unwrap(kept) if callable(kept) else None  # some remember what they said
            if not inspect.isfunction(function) or function.__module__ != module.__name__:
                continue
            name = f"{module.__name__}.{function.__name__}"
            takes = _takes(function)
            if takes and name not in NOT_HERE and not function.__name__.startswith("_"):
                yield name.removeprefix("omnichannel."), function, takes


def _modules() -> Iterator[ModuleType]:
    import omnichannel

    for info in pkgutil.walk_packages(omnichannel.__path__, "omnichannel."):
        room = info.name.split(".")[1]
        if room in ROOMS and APART not in info.name and "__main__" not in info.name:
            yield import_module(info.name)


def _takes(function: Callable[..., object]) -> list[str]:
    """How its arguments are made of text: empty if it takes none, or anything else that has to be there."""
    if inspect.iscoroutinefunction(function):
        return []
    made = []
    for parameter in inspect.signature(function).parameters.values():
        how = _HOW.get(str(parameter.annotation), "")
        if parameter.default is not parameter.empty or parameter.kind is parameter.VAR_KEYWORD:
            continue
        if not how or parameter.kind in (parameter.KEYWORD_ONLY, parameter.VAR_POSITIONAL):
            return []
        made.append(how)
    return made


def _called(function: Callable[..., object], takes: Sequence[str]) -> Callable[[bytes], object]:
    def call(data: bytes) -> object:
        pieces = data.split(BETWEEN, len(takes) - 1)
        pieces += [pieces[-1]] * (len(takes) - len(pieces))
        given = [_made(piece, how) for piece, how in zip(pieces, takes, strict=True)]
        result = function(*given)
        return list(result) if isinstance(result, Iterator) else result

    return call


def _made(piece: bytes, how: str) -> bytes | str | list[str]:
    """Text as it comes out of a decoder: whole, with what could not be read replaced."""
    if how == "bytes":
        return piece
    text = piece.decode("utf-8", "replace")
    return text.split("\n") if how == "lines" else text
