"""For channel authors: everything a channel needs beside its own wire format. Pure, no I/O."""

from omnichannel.toolbox.http import excerpt, retry_after, trouble
from omnichannel.toolbox.moments import from_epoch, from_iso
from omnichannel.toolbox.signatures import secrets_of, sign, signed
from omnichannel.toolbox.text import clean, file_name, size, split
from omnichannel.toolbox.tokens import find_tokens
from omnichannel.toolbox.wire import Json, is_object, items, load_form, load_json, need, number, obj, string

__all__ = [
    "Json", "clean", "excerpt", "file_name", "find_tokens", "from_epoch", "from_iso", "is_object", "items",
    "load_form", "load_json", "need", "number", "obj", "retry_after", "secrets_of", "sign", "signed", "size",
    "split", "string", "trouble",
]  # fmt: skip
