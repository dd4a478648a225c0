"""What is said to PostgreSQL in a transaction: sent together, answered together (libpq's pipeline mode).

What nobody waits for (that a transaction begins, rows to be written) goes along with the next statement whose answer
somebody waits for: all of it costs one journey to the server and back. It does nothing that comes after a failure.
"""

from __future__ import annotations

import selectors
from collections.abc import Callable
from contextlib import ExitStack

import psycopg

from omnichannel.store.engine import Cell

Say = Callable[[], object]
"""Executes one statement."""


class Talk:
    """One transaction's talk, over a connection.

    Where libpq is older than 14, what is sent together is still answered one by one.
    """

    def __init__(self, connection: psycopg.Connection[tuple[Cell, ...]] | None = None) -> None:
        self.begun = False
        """Whether the server answered anything."""
        self.unsent: list[Say] = []
        """What goes along with the next question."""
        self._connection = connection
        self._pipeline: psycopg.Pipeline | None = None
        self._open = ExitStack()
        if connection and psycopg.Pipeline.is_supported():
            self._pipeline = self._open.enter_context(connection.pipeline())

    def later(self, say: Say) -> None:
        """Say this before whatever is asked next."""
        self.unsent.append(say)

    def answers(self, *, last: bool = False) -> None:
        """Say all that waits to be said, and wait once for the answers. Raises what failed first.

        What is said after the `last` ones is answered one by one. They end the transaction, or something else follows
        at once: behind them psycopg asks the server to flush, and a server that was asked anything waits for ever for
        what comes next, in a transaction too (`idle_in_transaction_session_timeout` is forgotten).
        """
        if not self.unsent and not last:
            return
        unsent, self.unsent = self.unsent, []
        failed: psycopg.Error | None = None
        try:
            for say in unsent:
                say()
        except psycopg.Error as error:  # of the first, though we still speak: all others follow from it
            failed = error
        try:
            self._wait(last=last)
        except psycopg.Error as error:
            failed = failed or error
        if failed:
            raise failed
        self.begun = True

    def _wait(self, *, last: bool) -> None:
        if last:
            self._pipeline = None
            self._open.close()
        elif self._pipeline and self._connection:
            _hand_over(self._connection)
            self._pipeline.sync()


def _hand_over(connection: psycopg.Connection[tuple[Cell, ...]]) -> None:
    """Wait until all that was said is on its way.

    psycopg's `Pipeline.sync` waits for answers, and for nothing else: what was larger than the line takes at once (a
    message of megabytes) would stay half said, and both ends wait for each other. It mended that for the end of
    a pipeline alone (https://github.com/psycopg/psycopg/pull/722).
    """
    line = connection.pgconn
    if not line.flush():
        return
    with selectors.DefaultSelector() as ready:
        ready.register(line.socket, selectors.EVENT_READ | selectors.EVENT_WRITE)
        while line.flush():
            if any(events & selectors.EVENT_READ for _, events in ready.select()):
                line.consume_input()  # or the server waits in its turn until somebody takes its answers
