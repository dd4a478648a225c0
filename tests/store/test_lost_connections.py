"""PostgreSQL goes away and comes back: what was committed is there once, what was not is done again."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import pytest

from omnichannel.channel import Delivery
from omnichannel.errors import CommitInDoubt, StoreUnreachable
from omnichannel.store import Store, Tx, arrivals, queue
from omnichannel.store.postgres import PostgresDriver
from tests.engines import HandClock, Postgres, wait
from tests.inbox.desk import Desk

_SYNC = b"S\0\0\0\4"


class Cutter:
    """Stands between us and the server, and cuts the line at a COMMIT: once it went out, before its answer comes back."""

    def __init__(self, server: Path) -> None:
        self.folder = Path(mkdtemp(prefix="omni-cut-"))
        self.cuts = 0
        self.before = False  # cut before the server hears of it
        self.late = False  # we are cut off at once, the server hears of it when somebody asks again
        self.pause = 0.0  # seconds for which it rests after each piece of 64 KB at most
        self.behind_commit: Callable[[], None] | None = (
            None  # done when the server has the COMMIT, and no more
        )
        self._asked = threading.Event()
        self._server = server / ".s.PGSQL.5432"
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self.folder / ".s.PGSQL.5432"))
        self._listener.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(str(self._server))
                cut = threading.Event()
                for source, target, ours in ((client, server, True), (server, client, False)):
                    threading.Thread(target=self._copy, args=(source, target, ours, cut), daemon=True).start()

    def _copy(self, source: socket.socket, target: socket.socket, ours: bool, cut: threading.Event) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                if ours and b"pg_advisory_xact_lock($1" in data:
                    self._asked.set()
                if ours and self.cuts and b"COMMIT\0" in data:
                    self.cuts -= 1
                    cut.set()
                    if self.before:
                        break
                    if self.late:
                        self._asked.clear()
                        source.shutdown(socket.SHUT_RDWR)
                        self._asked.wait(30)
                        threading.Event().wait(0.5)  # it has looked by now, had it not to wait
                if ours and self.behind_commit and b"COMMIT\0" in data:
                    then, self.behind_commit = self.behind_commit, None
                    commit, _, _ = data.partition(_SYNC)
                    target.sendall(commit)
                    then()
                    threading.Event().wait(0.3)  # what the server still said came back
                    break
                if not ours and cut.is_set():
                    break  # the server has done it; nobody will ever know
                target.sendall(data)
                if self.pause:
                    threading.Event().wait(self.pause)
        for each in (source, target):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def close(self) -> None:
        self._listener.close()

    def remove(self) -> None:
        rmtree(self.folder)


@contextmanager
def cut_line(postgres: Postgres) -> Iterator[tuple[Cutter, str]]:
    """A line that can be cut, and the URL that goes over it."""
    url = postgres.ready()
    cutter = Cutter(postgres.socket)
    try:
        yield cutter, url.partition("?host=")[0] + f"?host={cutter.folder}"
    finally:
        cutter.close()
        cutter.remove()


def test_a_commit_whose_answer_was_lost_counts_once(postgres: Postgres, opened: Callable[..., Store]) -> None:
    """T63: it was done and nobody was told: what is done again for it finds that it is there."""
    with cut_line(postgres) as (cutter, url):
        store = opened(url)
        for number in range(5):
            cutter.cuts = 1
            mail = Delivery(account="a", key=str(number), body=b"%d" % number)
            wait(store, lambda tx, mail=mail: arrivals.keep_batch(tx, "a", "INBOX", [mail], mail.key))
            assert cutter.cuts == 0
        kept = [arrival.delivery.key for arrival in wait(store, lambda tx: arrivals.waiting(tx, 99))]
        assert kept == ["0", "1", "2", "3", "4"]
        wait(store, lambda tx: queue.add(tx, 1, 1, 7))
        assert len(wait(store, lambda tx: queue.claim(tx, 9, tx.now() + 1))) == 1


def test_a_whole_conversation_over_a_line_that_is_cut_at_every_commit(
    postgres: Postgres, clock: HandClock
) -> None:
    """Received, read, handled, answered and sent, each time with the answer to its commit lost: once each."""
    with cut_line(postgres) as (cutter, url):

        async def story() -> None:
            desk = Desk(url, clock)

            @desk.inbox.on_message
            async def answer(incoming) -> None:
                await incoming.reply(f"re {incoming.message.text}")

            await desk.inbox.run_job(lambda tx: None)
            from tests.chat import delivery

            for number in range(4):
                item = {"id": f"m{number}", "from": "anna", "text": str(number)}
                for step in (
                    lambda item=item: desk.inbox.receive("chat", delivery(item)),
                    desk.inbox.read,
                    desk.inbox.handle,
                    desk.inbox.send,
                ):
                    cutter.cuts = 1
                    await step()
                cutter.cuts = 0
                clock.advance(minutes=10)
            await desk.inbox.work()
            texts = [message.text for message in await desk.everything()]
            assert sorted(texts) == sorted([*"0123", *(f"re {number}" for number in range(4))])
            assert len(set(desk.said())) == len(desk.said())
            await desk.inbox.close()

        asyncio.run(story())


@pytest.mark.parametrize("moment", ["idle", "at work"])
def test_a_connection_that_the_server_ends_is_made_again(
    postgres: Postgres, opened: Callable[..., Store], moment: str
) -> None:
    url = postgres.ready()
    store = opened(url)

    def end_it() -> None:
        pid = wait(store, lambda tx: tx.one("SELECT pg_backend_pid()"))[0] if moment == "idle" else pids[0]
        with postgres.admin() as admin:
            admin.execute("SELECT pg_terminate_backend(%s)", (pid,))

    pids: list[int] = []

    def job(tx) -> int | None:
        if moment == "at work" and not pids:
            pids.append(tx.one("SELECT pg_backend_pid()")[0])
            end_it()
        return arrivals.keep(tx, Delivery(account="a", body=b"x"))

    if moment == "idle":
        end_it()
    assert wait(store, job) is not None
    assert len(wait(store, lambda tx: arrivals.waiting(tx, 9))) == 1


def keep(body: bytes) -> Callable[[Tx], int | None]:
    """A job that does its work once more each time that it is run: nothing in it knows itself again."""
    return lambda tx: arrivals.keep(tx, Delivery(account="a", body=body))


def bodies(store: Store) -> list[bytes]:
    return [arrival.delivery.body for arrival in wait(store, lambda tx: arrivals.waiting(tx, 99))]


def hide(cutter: Cutter) -> Path:
    """Nobody gets through any more; returns where the door was."""
    cutter.close()
    door = cutter.folder / ".s.PGSQL.5432"
    door.rename(cutter.folder / "hidden")
    return door


def test_what_was_committed_is_not_done_again_though_nobody_was_told(
    postgres: Postgres, opened: Callable[..., Store]
) -> None:
    """T63: the server is asked what became of it. No key is needed, so this holds for every job there is."""
    with cut_line(postgres) as (cutter, url):
        store = opened(url)
        for number in range(5):
            cutter.cuts = 1
            assert wait(store, keep(b"%d" % number)) is not None
            assert cutter.cuts == 0
        assert bodies(store) == [b"0", b"1", b"2", b"3", b"4"]


async def test_a_group_whose_commit_was_not_answered_is_done_once(
    postgres: Postgres, opened: Callable[..., Store]
) -> None:
    with cut_line(postgres) as (cutter, url):
        store = opened(url)
        cutter.cuts = 1
        await asyncio.gather(*(store.run(keep(b"%02d" % number)) for number in range(30)))
        assert cutter.cuts == 0
        assert sorted(bodies(store)) == [b"%02d" % number for number in range(30)]


def test_an_answer_is_written_once_over_a_line_that_is_cut(postgres: Postgres, clock: HandClock) -> None:
    """What people do has no key of a platform: said once, it is there once, and goes out once."""
    with cut_line(postgres) as (cutter, url):

        async def story() -> None:
            desk = Desk(url, clock)
            question = await desk.heard("question")
            for say in (
                lambda: desk.inbox.conversations.reply(question.conversation, "answer"),
                lambda: desk.inbox.conversations.note(question.conversation, "a note"),
                lambda: desk.inbox.conversations.close(question.conversation),
            ):
                cutter.cuts = 1
                await say()
                assert cutter.cuts == 0
            await desk.inbox.work()
            assert [message.text for message in await desk.everything()] == ["question", "answer", "a note"]
            assert desk.said() == ["answer"]
            assert len(await desk.happened("conversation.closed")) == 1
            await desk.inbox.close()

        asyncio.run(story())


def test_calls_leased_in_a_commit_that_was_not_answered_are_made(
    postgres: Postgres, clock: HandClock
) -> None:
    """Done again, the lease would find nothing, and what was leased would be in doubt without a reason."""
    with cut_line(postgres) as (cutter, url):

        async def story() -> None:
            desk = Desk(url, clock)
            question = await desk.heard("question")
            await desk.inbox.conversations.reply(question.conversation, "answer")
            cutter.cuts = 1
            leased = await desk.inbox.lease_calls(9)
            assert [one.call.text for one in leased] == ["answer"]
            await desk.inbox.close()

        asyncio.run(story())


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits half a minute for a server that these tests keep away."""
    monkeypatch.setattr(PostgresDriver, "patience", 0.3)


def test_a_commit_of_which_nobody_knows_is_told_and_not_done_again(
    postgres: Postgres, opened: Callable[..., Store], hurried: None
) -> None:
    """The server went away in the middle of it and stayed away: each of its callers hears that it is in doubt."""
    with cut_line(postgres) as (cutter, url):
        store = opened(url)
        door = hide(cutter)
        cutter.cuts = 1
        with pytest.raises(CommitInDoubt, match="look whether"):
            wait(store, keep(b"x"))
        door.symlink_to(postgres.socket / ".s.PGSQL.5432")
        assert bodies(store) == [b"x"], "it was done, and nothing did it again"


def test_a_server_that_stays_away_is_told_to_the_caller(
    postgres: Postgres, opened: Callable[..., Store], hurried: None
) -> None:
    """After a while the caller learns of it, and later ones at once; when the server is back, so are we."""
    with cut_line(postgres) as (cutter, url):
        store = opened(url)
        door = hide(cutter)
        cutter.cuts = 1
        with pytest.raises(CommitInDoubt):
            wait(store, keep(b"x"))
        for _ in range(3):
            with pytest.raises(StoreUnreachable, match="cannot be reached"):
                wait(store, keep(b"y"))
        door.symlink_to(postgres.socket / ".s.PGSQL.5432")
        wait(store, keep(b"z"))
        assert bodies(store) == [b"x", b"z"]


def test_what_was_not_committed_is_done_again(postgres: Postgres, opened: Callable[..., Store]) -> None:
    """The line is cut before the COMMIT reaches the server: it was not done, and is done now."""
    with cut_line(postgres) as (cutter, url):
        store = opened(url)
        cutter.before = True
        for number in range(5):
            cutter.cuts = 1
            assert wait(store, keep(b"%d" % number)) is not None
            assert cutter.cuts == 0
        assert bodies(store) == [b"0", b"1", b"2", b"3", b"4"]


def test_what_was_only_read_needs_no_answer_to_its_commit(
    postgres: Postgres, opened: Callable[..., Store]
) -> None:
    with cut_line(postgres) as (cutter, url):
        store = opened(url)
        reads: list[int] = []
        cutter.cuts = 1
        wait(store, lambda tx: reads.append(len(arrivals.waiting(tx, 9))))
        assert (reads, cutter.cuts) == ([0], 0)


def test_two_workers_know_their_own_commits(postgres: Postgres, opened: Callable[..., Store]) -> None:
    """Another worker's commits between ours do not hide whether ours was done."""
    with cut_line(postgres) as (cutter, url):
        direct = url.replace(str(cutter.folder), str(postgres.socket))
        mine, other = opened(url), opened(direct)
        for number in range(3):
            wait(other, keep(b"theirs"))
            cutter.cuts = 1
            wait(mine, keep(b"ours %d" % number))
        assert bodies(mine).count(b"theirs") == 3
        assert [body for body in bodies(mine) if body != b"theirs"] == [b"ours 0", b"ours 1", b"ours 2"]


def test_a_commit_that_comes_to_the_server_late_is_waited_for(
    postgres: Postgres, opened: Callable[..., Store]
) -> None:
    """We are cut off while it is still on its way: who looks too soon would see nothing, and do it again."""
    with cut_line(postgres) as (cutter, url):
        store = opened(url)
        cutter.late = True
        for number in range(3):
            (pid,) = wait(store, lambda tx: tx.one("SELECT pg_backend_pid()"))
            cutter.cuts = 1
            assert wait(store, keep(b"%d" % number)) is not None
            assert cutter.cuts == 0
            with postgres.admin() as admin:  # whatever that connection still did, it has done
                while admin.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", (pid,)).fetchone():
                    threading.Event().wait(0.02)
        assert bodies(store) == [b"0", b"1", b"2"]
