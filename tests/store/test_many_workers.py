"""Workers in processes of their own on one PostgreSQL, one of them killed: each message once, each in its order."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
from collections import defaultdict
from datetime import timedelta
from pathlib import Path

import pytest

from omnichannel import Inbox, Rules
from tests.chat import Chat, FarEnd, delivery
from tests.engines import Postgres

ROOT = Path(__file__).parents[2]
RULES = Rules(handle_lease=timedelta(seconds=2), send_lease=timedelta(seconds=2))

WORKER = f"""
import asyncio, json, sys
sys.path[:0] = [{str(ROOT)!r}]
from tests.store.test_many_workers import worker
asyncio.run(worker(sys.argv[1]))
"""


class Line:
    """A far end that says on stdout what it was told: what a killed process said before is not lost."""

    async def send(self, call):
        body = json.loads(call.body)
        print(json.dumps({"said": body["text"]}), flush=True)
        return await FarEnd().send(call)

    async def close(self) -> None:
        """Nothing to let go of."""


async def worker(url: str) -> None:
    """Work until stdin ends, and tell of each message that was seen and each answer that was given."""
    inbox = Inbox(url, [Chat("chat", Line())], rules=RULES)

    @inbox.on_message
    async def answer(incoming) -> None:
        print(json.dumps({"seen": incoming.message.text}), flush=True)
        await incoming.reply(f"re {incoming.message.text}")

    stop = asyncio.Event()
    working = asyncio.create_task(inbox.run(stop=stop))
    await asyncio.to_thread(sys.stdin.read)
    stop.set()
    await working
    await inbox.close()


def begin(url: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", WORKER, url],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip


def end(worker: subprocess.Popen[str]) -> list[dict[str, str]]:
    told, _ = worker.communicate(timeout=60)
    return [json.loads(line) for line in told.splitlines() if line.endswith("}")]


async def everything_answered(box: Inbox, count: int) -> None:
    """Until every message has an answer that was sent, or is in doubt."""
    async with asyncio.timeout(120):
        while True:
            done = await box.run_job(
                lambda tx: tx.one("SELECT count(*) FROM calls WHERE workspace = ? AND state IN (2, 4)", tx.ws)
            )
            waiting = await box.run_job(
                lambda tx: tx.one("SELECT count(*) FROM todo WHERE workspace = ?", tx.ws)
            )
            if (done, waiting) == ((count,), (0,)):
                return
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("workers", [2, 4])
def test_workers_share_the_work_and_take_over_from_the_dead(postgres: Postgres, workers: int) -> None:
    """Messages of many people come in while they work; one of them is killed in the middle of it."""
    url, people, each = postgres.ready(), 12, 8

    async def story() -> tuple[list[dict[str, str]], list[dict[str, str]]]:
        async with Inbox(url, [Chat("chat")], rules=RULES) as box:
            crew = [begin(url) for _ in range(workers)]
            for number in range(each):
                items = [
                    {"id": f"{person}.{number}", "from": f"p{person}", "text": f"{person}.{number}"}
                    for person in range(people)
                ]
                await asyncio.gather(*(box.receive("chat", delivery(item)) for item in items))
                if number == each // 2:
                    victim = crew[0]
                    victim.send_signal(signal.SIGKILL)
            await everything_answered(box, people * each)
            dead, *living = [end(one) for one in crew]
            for conversation in await box.conversations.open(most=1000):
                said = await box.conversations.messages(conversation.id)
                assert [message.seq for message in said] == list(range(1, len(said) + 1))
                asked = [message.text for message in said if message.direction == "inbound"]
                person = asked[0].partition(".")[0]
                assert sorted(asked) == [f"{person}.{number}" for number in range(each)]
                answers = [message.text for message in said if message.direction == "outbound"]
                assert answers == [f"re {text}" for text in asked], "one at a time, in order"
            assert len(await box.conversations.open(most=1000)) == people
            return dead, [line for lines in living for line in lines]

    dead, living = asyncio.run(story())
    said = [line["said"] for line in (*dead, *living) if "said" in line]
    assert len(said) == len(set(said)), "no answer went out twice"
    assert living, "the others went on"
    by_person: defaultdict[str, list[str]] = defaultdict(list)
    for text in said:
        by_person[text[3:].partition(".")[0]].append(text)
    assert set(by_person) == {str(person) for person in range(people)}, "nobody was left to wait"
