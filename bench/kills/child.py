"""The process that is killed: a real inbox on its store, behind a real web server, answering every message.

Run as a program it has imported everything already and forks one such process per order (a line of JSON on
stdin: `Order`, or `reap`), so that a start costs milliseconds. A forked process dies of SIGKILL like any other.
"""

from __future__ import annotations

import asyncio
import dataclasses
import gc
import json
import os
import signal
import socket
import sys
import traceback
from datetime import timedelta
from pathlib import Path

import uvicorn

from bench.kills import faults
from bench.kills.points import Death, Ledger, watch
from omnichannel import Inbox, Incoming
from omnichannel.channels.messenger import Messenger
from omnichannel.inbox import Rules

ACCOUNT = "page"
# Short, so that what a dead process held is taken up again while the story lasts; a send takes milliseconds here.
RULES = Rules(handle_lease=timedelta(seconds=0.4), send_lease=timedelta(seconds=0.6))

# Shorter than a server often takes to come back: what is cut off for that is not given up (`Rules.handle_attempts`).
PATIENT = Rules(
    handle_lease=timedelta(seconds=5), send_lease=timedelta(seconds=5),
    first_pause=timedelta(seconds=0.2), longest_pause=timedelta(seconds=2),
)  # fmt: skip

_LONG = "All our shops are open from nine to six, and the one at the harbour until eight. " * 27


@dataclasses.dataclass(frozen=True)
class Order:
    """How one process is to live: its store, its platform, and where it dies by itself (`point`), if anywhere."""

    store: str
    host: str
    page_id: str
    page_token: str
    app_secret: str
    verify_token: str
    point: str = ""
    nth: int = 1
    fault: str = ""


def inbox_of(order: Order) -> Inbox:
    """The inbox of an order. Its handler answers everybody; every fifth answer needs two messages."""
    page = Messenger(
        ACCOUNT,
        page_id=order.page_id,
        page_token=order.page_token,
        app_secret=order.app_secret,
        verify_token=order.verify_token,
        host=order.host,
    )
    inbox = Inbox(order.store, channels=[page], rules=RULES if order.store.startswith("sqlite") else PATIENT)

    @inbox.on_message
    async def answer(incoming: Incoming) -> None:
        mid = incoming.message.external_id
        is_long = sum(mid.encode()) % 5 == 0
        await incoming.reply(f"{mid}: thank you. {_LONG if is_long else ''}")

    return inbox


def live(order: Order, listener: socket.socket, ledger: Ledger) -> None:
    """Be that process, until killed."""
    watch(Death(ledger, order.point, order.nth))
    if order.fault:
        faults.plant(order.fault)
    inbox = inbox_of(order)

    @inbox.on_message
    async def count(_: Incoming) -> None:
        ledger["handled"] += 1

    asyncio.run(_serve(inbox, listener, ledger))


async def _serve(inbox: Inbox, listener: socket.socket, ledger: Ledger) -> None:
    config = uvicorn.Config(inbox.asgi(), log_level="error", access_log=False, lifespan="off")
    async with inbox:
        ledger["serving"] = 1
        await asyncio.gather(uvicorn.Server(config).serve(sockets=[listener]), inbox.run())


def fork_on_order(listener: socket.socket, ledger: Ledger) -> None:
    """Fork a process for each order, and tell its id; `reap` waits for its end, and tells how it ended."""
    gc.freeze()
    pid = 0
    try:
        while line := sys.stdin.readline():
            if line.strip() == "reap":
                _, status = os.waitpid(pid, 0)
                pid = 0
                print(os.waitstatus_to_exitcode(status), flush=True)
            elif (pid := os.fork()) == 0:
                _be_child(Order(**json.loads(line)), listener, ledger)
            else:
                print(pid, flush=True)
    finally:
        if pid:
            os.kill(pid, signal.SIGKILL)


def _be_child(order: Order, listener: socket.socket, ledger: Ledger) -> None:
    try:
        live(order, listener, ledger)
    except BaseException:
        traceback.print_exc()
    os._exit(1)


if __name__ == "__main__":
    fork_on_order(socket.socket(fileno=int(sys.argv[1])), Ledger(Path(sys.argv[2])))
