"""A third party's channel, and how it gets installed: by an entry point in a package of its own.

No test of the command line or the configuration knows a channel of ours better than this one.
"""

from __future__ import annotations

from pathlib import Path

SOURCE = Path(__file__).with_name("omnichannel_telegraph.py")


def install(
    folder: Path,
    *,
    package: str = "omnichannel-telegraph",
    entry: str = "telegraph = omnichannel_telegraph:Telegraph",
    source: str | None = None,
    extra: str = "",
) -> Path:
    """Puts a package with one channel into a folder that is, or will be, on the search path."""
    module = entry.partition("=")[2].partition(":")[0].strip()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{module}.py").write_text(SOURCE.read_text() if source is None else source)
    about = folder / f"{package.replace('-', '_')}-1.0.dist-info"
    about.mkdir()
    provides = f"Provides-Extra: {extra}\n" if extra else ""
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n{provides}\n")
    (about / "entry_points.txt").write_text(f"[omnichannel.channels]\n{entry}\n")
    return folder
