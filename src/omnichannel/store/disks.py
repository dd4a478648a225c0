"""Whether a file lies on another machine's disk, where locks may not hold and what was written may not be there.

SQLite asks for a disk of the machine itself: https://sqlite.org/useovernet.html
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

FAR = frozenset({
    "nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "9p", "afs", "ceph", "coda", "glusterfs", "lustre",
    "beegfs", "gpfs", "ncpfs", "orangefs", "davfs", "sshfs", "s3fs", "gcsfuse", "blobfuse", "rclone", "goofys",
    "juicefs", "curlftpfs",
})  # fmt: skip
"""File systems of other machines, as Linux calls them; what runs as a program stands there as `fuse.sshfs`."""

_MOUNTS = Path("/proc/self/mountinfo")


def mounts() -> str:
    """The table of what is mounted where; empty where there is none to read, as on macOS and Windows."""
    with suppress(OSError):
        return os.fsdecode(_MOUNTS.read_bytes())
    return ""


def far(path: str, mounted: str) -> str:
    """The kind of network file system that a path is on; empty if it is on none, or nobody says."""
    found, kind = "", ""
    place = str(Path(path).resolve())
    for line in mounted.splitlines():
        # proc(5): … mount point (the fifth), options, any number of fields, a hyphen, the kind of file system, …
        left, _, right = line.partition(" - ")
        fields = left.split(" ")
        if len(fields) < 5 or not right:
            continue
        at = _spelled(fields[4])
        if _is_below(place, at) and len(at) >= len(found):  # the last of equals hides those before it
            found, kind = at, right.split(" ")[0]
    return kind if kind.removeprefix("fuse.") in FAR else ""


def _is_below(place: str, at: str) -> bool:
    return place == at or place.startswith(at.rstrip("/") + "/")


def _spelled(name: str) -> str:
    """Blanks and the like stand there in octal."""
    for char in (" ", "\t", "\n", "\\"):
        name = name.replace(f"\\{ord(char):03o}", char)
    return name
