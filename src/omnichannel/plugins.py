"""Which kinds of channel are installed, and the class of each: found by entry point, imported when wanted.

The channels in this repository come through the same door as everybody else's: one line in a package's
`pyproject.toml` under `[project.entry-points."omnichannel.channels"]`, and one for the emulator of its platform
under `[project.entry-points."omnichannel.emulators"]`.
"""

from __future__ import annotations

import difflib
from importlib.metadata import EntryPoint, entry_points
from typing import TypeVar

from omnichannel.channel import Channel
from omnichannel.errors import UsageError

T = TypeVar("T")

CHANNELS, EMULATORS = "omnichannel.channels", "omnichannel.emulators"

_WHAT = {CHANNELS: "kind of channel", EMULATORS: "emulator"}


def kinds(group: str = CHANNELS) -> tuple[str, ...]:
    """The installed kinds, sorted; nothing is imported."""
    return tuple(sorted({entry.name for entry in entry_points(group=group)}))


def own_kinds() -> tuple[str, ...]:
    """The kinds that come with this package, sorted."""
    found = entry_points(group=CHANNELS)
    return tuple(sorted({entry.name for entry in found if entry.dist and entry.dist.name == "omnichannel"}))


def channel_class(kind: str) -> type[Channel]:
    """The class of one kind; only its module is imported.

    Raises UsageError if no package offers that kind, if two do, if the package lacks something that it needs
    (the message names what to install), or if what it offers is no channel of that kind.
    """
    return offered(CHANNELS, kind, Channel)  # type: ignore[type-abstract]  # what is offered is concrete


def offered(group: str, kind: str, base: type[T]) -> type[T]:
    """What is offered for a kind in a group of entry points: a subclass of `base` that says it is of that kind.

    Raises UsageError as `channel_class` does.
    """
    entry = _entry(group, kind)
    try:
        found = entry.load()
    except ImportError as error:
        raise UsageError(_missing(entry, error)) from error
    except Exception as error:
        # A plug-in's module may do anything while it is imported.
        raise UsageError(_broken(entry, f"{type(error).__name__}: {error}")) from error
    if not (isinstance(found, type) and issubclass(found, base)):
        raise UsageError(
            _broken(entry, f"{entry.value} is not a subclass of omnichannel's {base.__qualname__}")
        )
    if getattr(found, "kind", None) != kind:
        raise UsageError(_broken(entry, f"{entry.value} says that its kind is another"))
    return found


def _entry(group: str, kind: str) -> EntryPoint:
    # The same package may be seen twice on a search path: only different offers are a conflict.
    offers = {entry.value: entry for entry in entry_points(group=group, name=kind)}
    if not offers:
        raise UsageError(_unknown(group, kind))
    if len(offers) > 1:
        packages = " and ".join(sorted(_package(entry) for entry in offers.values()))
        raise UsageError(f"{kind}: offered by {packages}; uninstall one of them")
    return next(iter(offers.values()))


def _unknown(group: str, kind: str) -> str:
    installed = kinds(group)
    close = difflib.get_close_matches(kind, installed, 1)
    hint = f"did you mean {close[0]}? " if close else ""
    return (
        f"{kind}: no such {_WHAT.get(group, group)}; {hint}installed are {', '.join(installed) or 'none'}. "
        f"A package adds one with an entry point in {group}"
    )


def _package(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist else "a package without a name"


def _missing(entry: EntryPoint, error: ImportError) -> str:
    """What to install when a module cannot be imported; a plug-in's own broken import is not that."""
    missing = (error.name or "").partition(".")[0]
    if not isinstance(error, ModuleNotFoundError) or missing in ("", entry.module.partition(".")[0]):
        return _broken(entry, str(error))
    package = _package(entry)
    extras = entry.dist.metadata.get_all("Provides-Extra") or [] if entry.dist else []
    wanted = f"{package}[{entry.name}]" if entry.name in extras else package
    return f"{entry.name} needs {missing}, which is not installed; pip install '{wanted}'"


def _broken(entry: EntryPoint, problem: str) -> str:
    return f"{entry.name}: what {_package(entry)} offers cannot be used: {problem}"
