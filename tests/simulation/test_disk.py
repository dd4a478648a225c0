"""The simulated disk keeps what it must, and loses what it may."""

from __future__ import annotations

import random

import pytest

pytest.importorskip("apsw", reason="the simulated disk is a file system of apsw's")

from bench.simulate.disk import SECTOR, Disk, Write, half

OLD, NEW = b"o" * 4096, b"n" * 4096


def after_a_power_cut(seed: int, *, synced: bool) -> bytes:
    disk = Disk({"/a": OLD})
    file = disk.open("/a")
    file.do(Write(0, NEW))
    if synced:
        file.sync()
    disk.lose_power(random.Random(seed))
    return bytes(disk.files["/a"].now)


def test_what_was_synced_outlives_the_power() -> None:
    assert {after_a_power_cut(seed, synced=True) for seed in range(50)} == {NEW}


def test_what_was_not_is_kept_or_lost_or_torn_between_sectors() -> None:
    found = {after_a_power_cut(seed, synced=False) for seed in range(200)}
    assert {OLD, NEW} < found
    for torn in found:
        sectors = [torn[at : at + SECTOR] for at in range(0, len(torn), SECTOR)]
        assert {*map(bytes, sectors)} <= {OLD[:SECTOR], NEW[:SECTOR]}


def test_a_process_that_dies_loses_nothing_that_it_wrote() -> None:
    disk = Disk()
    disk.open("/a").do(Write(3, b"abc"))
    assert disk.image() == {"/a": b"\0\0\0abc"}


def test_a_file_that_no_folder_knows_yet_may_be_gone() -> None:
    kept = set()
    for seed in range(50):
        disk = Disk()
        disk.open("/a").do(Write(0, b"x"))
        disk.lose_power(random.Random(seed))
        kept.add("/a" in disk.files)
    assert kept == {True, False}


def test_sizes_are_writes_like_others() -> None:
    disk = Disk({"/a": OLD})
    file = disk.open("/a")
    file.do(Write(10, None))
    assert bytes(file.now) == OLD[:10]
    file.do(Write(12, None))
    file.sync()
    disk.lose_power(random.Random(1))
    assert disk.image() == {"/a": OLD[:10] + b"\0\0"}


def test_half_a_write_ends_at_a_sector() -> None:
    part = half(Write(100, NEW))
    assert part == Write(100, NEW[:2048])
    assert half(Write(0, b"short")) is None
    assert half(Write(0, None)) is None
