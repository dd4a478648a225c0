"""A folder on a mail server: what lies in it, and the numbers that it has at the moment."""

from __future__ import annotations

import random

from bench.simulate.dialects import Item


class Postbox:
    """The truth about a folder. Numbers are the server's UIDs; all of them change with `uidvalidity`."""

    def __init__(self, uidnext: int) -> None:
        self.uidvalidity = 1000
        self.uidnext = uidnext
        self.mails: dict[int, tuple[Item, bytes]] = {}

    def lay(self, item: Item, body: bytes) -> None:
        """New mail."""
        self.mails[self.uidnext] = (item, body)
        self.uidnext += 1

    def number_anew(self, chance: random.Random) -> None:
        """The folder was restored or made anew: what says that all numbers changed may have become less."""
        self.uidvalidity += chance.choice((1, 1, -7, 100))
        mails, self.mails, self.uidnext = list(self.mails.values()), {}, chance.choice((1, 1, 40))
        for mail in mails:
            self.uidnext += chance.choice((0, 0, 3))
            self.lay(*mail)

    def expunge(self, chance: random.Random) -> Item:
        """Somebody deletes a mail, or moves it away."""
        return self.mails.pop(chance.choice(list(self.mails)))[0]
