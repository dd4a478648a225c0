"""A store on another machine's disk is found out, and said."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from omnichannel.store import Store, disks, findings
from omnichannel.store.disks import far, mounts

# As proc(5) describes them; the first two as a machine of ours shows them.
TABLE = r"""
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
24 22 0:22 / /dev/shm rw,nosuid shared:4 - tmpfs tmpfs rw
30 22 0:40 / /srv rw,relatime shared:20 master:2 - nfs4 files.internal:/export rw,vers=4.2
31 30 8:2 / /srv/local rw,relatime - xfs /dev/sdb1 rw
32 22 0:41 / /mnt/share rw - cifs //server/share rw
33 22 0:42 / /mnt/with\040blank rw - fuse.sshfs me@there: rw
34 22 0:43 / /mnt/disk rw - fuse.ntfs3g /dev/sdc1 rw
35 22 0:44 / /mnt/twice rw - nfs files.internal:/a rw
36 35 8:3 / /mnt/twice rw - ext4 /dev/sdd1 rw
no line of a table
"""

CASES = {
    "/var/lib/support.db": "",
    "/dev/shm/support.db": "",
    "/srv/support.db": "nfs4",
    "/srv": "nfs4",
    "/srv2/support.db": "",
    "/srv/local/support.db": "",
    "/srv/local/../support.db": "nfs4",
    "/mnt/share/support.db": "cifs",
    "/mnt/with blank/support.db": "fuse.sshfs",
    "/mnt/disk/support.db": "",
    "/mnt/twice/support.db": "",
}


@pytest.mark.parametrize(("path", "kind"), CASES.items())
def test_what_a_path_is_on(path: str, kind: str) -> None:
    assert far(path, TABLE) == kind
    assert far(path, "") == "", "where nobody says, nothing is claimed"


def test_a_link_leads_to_where_it_leads(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/srv")
    assert far(str(tmp_path / "link" / "support.db"), TABLE) == "nfs4"


def over_there(folder: Path) -> str:
    return f"{mounts()}\n99 1 0:99 / {folder} rw - nfs4 files.internal:/export rw\n"


def test_a_store_on_a_network_file_system_is_said(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    opened: Callable[..., Store],
) -> None:
    """When it is opened, and by `doctor`, before and after there is a file. It is opened all the same."""
    caplog.set_level(logging.WARNING)
    url, table = f"sqlite:///{tmp_path / 'a.db'}", over_there(tmp_path)
    monkeypatch.setattr(disks, "mounts", lambda: table)
    before = findings(url)
    opened(url)
    for found in (before, findings(url)):
        assert [one.ok for one in found] == [True, False]
        assert "nfs4" in found[1].what
        assert "local disk" in found[1].cure
    assert "nfs4" in caplog.text


@pytest.mark.parametrize("place", ["file", ":memory:"])
def test_of_a_local_disk_nothing_is_said(
    tmp_path: Path,
    place: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    opened: Callable[..., Store],
) -> None:
    monkeypatch.setattr(disks, "mounts", lambda: TABLE if place == "file" else over_there(Path.cwd()))
    opened(f"sqlite:///{tmp_path / 'a.db' if place == 'file' else place}")
    assert caplog.text == ""
