"""For channel authors: everything a channel needs beside its own wire format. Pure, no I/O."""

from omnichannel.sealing import sealed
from omnichannel.telling import way_of
from omnichannel.toolbox.finding import found_among
from omnichannel.toolbox.http import answer, excerpt, retry_after, trouble, unreachable
from omnichannel.toolbox.moments import from_epoch, from_iso
from omnichannel.toolbox.readable import in_words
from omnichannel.toolbox.settings import host_of, is_loopback, secret_of, secrets_of
from omnichannel.toolbox.signatures import sign, signed
from omnichannel.toolbox.text import clean, file_name, size, split
from omnichannel.toolbox.tokens import find_tokens
from omnichannel.toolbox.wire import (
    Json,
    guarded,
    is_object,
    items,
    load_form,
    load_json,
    need,
    number,
    obj,
    string,
)

__all__ = [
    "Json", "answer", "clean", "excerpt", "file_name", "find_tokens", "found_among", "from_epoch", "from_iso",
    "guarded", "host_of", "in_words", "is_loopback", "is_object", "items", "load_form", "load_json", "need", "number",
    "obj", "retry_after", "sealed", "secret_of", "secrets_of", "sign", "signed", "size", "split", "string", "trouble",
    "unreachable", "way_of",
]  # fmt: skip
