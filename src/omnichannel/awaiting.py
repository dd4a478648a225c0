"""Whether what an application gives to be awaited can be: asked when it is given, not when a customer writes."""

from __future__ import annotations

import inspect

_AWAITED = ("Awaitable", "Coroutine", "Future", "Task", "Any")


def is_plain(given: object) -> bool:
    """Whether a function, or an object that can be called, surely gives nothing to await.

    A plain function may hand on what another one gives, and then says so (`-> Awaitable[None]`); a lambda has no
    place to say it, and is believed.
    """
    found: object = given if inspect.isroutine(given) else type(given).__call__
    found = inspect.unwrap(found) if callable(found) else found
    if isinstance(given, type) or inspect.isasyncgenfunction(found):
        return True
    if not (inspect.isfunction(found) or inspect.ismethod(found)) or inspect.iscoroutinefunction(found):
        return False
    said = str(getattr(found, "__annotations__", {}).get("return"))
    return found.__name__ != "<lambda>" and not any(word in said for word in _AWAITED)
