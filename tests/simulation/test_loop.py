"""The simulated loop: time is a number, order is the seed's, and the dead do nothing."""

from __future__ import annotations

import asyncio
import random

import pytest

pytest.importorskip("apsw", reason="the simulated disk is a file system of apsw's")

from bench.simulate.loop import SimLoop


def order(seed: int, *, shuffled: bool) -> list[int]:
    loop = SimLoop(random.Random(seed), shuffled=shuffled)
    seen: list[int] = []
    for number in range(8):
        loop.call_soon(seen.append, number)
    loop.run_until(lambda: len(seen) == 8)
    return seen


def test_in_order_or_as_the_seed_says() -> None:
    assert order(1, shuffled=False) == list(range(8))
    assert order(1, shuffled=True) == order(1, shuffled=True) != order(2, shuffled=True)


def test_time_costs_nothing() -> None:
    loop = SimLoop(random.Random(1), shuffled=True)

    async def a_day() -> float:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(3600):
                await asyncio.sleep(86_400)
        await asyncio.sleep(86_400)
        return asyncio.get_running_loop().time()

    task = loop.create_task(a_day())
    loop.run_until(task.done)
    assert task.result() == pytest.approx(90_000, abs=1)


def test_where_nothing_can_happen_any_more_it_says_so() -> None:
    loop = SimLoop(random.Random(1), shuffled=False)
    with pytest.raises(RuntimeError, match="nothing can happen"):
        loop.run_until(lambda: False)


def test_work_for_a_thread_is_done_in_the_loop() -> None:
    loop = SimLoop(random.Random(1), shuffled=True)
    task = loop.create_task(_both())
    loop.run_until(task.done)
    assert task.result() == (3, "ValueError")


async def _both() -> tuple[int, str]:
    try:
        await asyncio.to_thread(int, "x")
    except ValueError as error:
        return await asyncio.to_thread(sum, (1, 2)), type(error).__name__
    raise AssertionError
