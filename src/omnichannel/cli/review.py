"""`omnichannel identity review`: walk through the suggestions, what is worth most first, and decide."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass, field

from omnichannel.cli import answering, stores
from omnichannel.cli.waterfalls import lines, plain, shortened
from omnichannel.errors import OmnichannelError
from omnichannel.model import Address, Direction, Suggestion
from omnichannel.sync import SyncInbox

WORDS = {"s": "same", "d": "different", "h": "shared", "k": "skip", "u": "undo", "q": "quit"}
"""What can be answered: they are one; never one; several people use one of the addresses; not now; take back."""

_PAGE = 50

_SIDES = {"1": "1", "2": "2"}


def arguments(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Where the store is, and who decides."""
    parser = add("review", help="walk through suggestions in the terminal, and decide")
    stores.arguments(parser)
    parser.add_argument("--actor", required=True, metavar="NAME", help="who of yours decides")
    parser.add_argument(
        "--answers", metavar="FILE", help="answers out of a file, one a line, instead of typed ones"
    )


def run(options: argparse.Namespace) -> int:
    """Ask until nothing is left, or somebody quits; 0."""
    with stores.inbox(options).sync() as box:
        review = Review(box, answering.asker(options.answers), options.actor)
        try:
            review.walk()
        except KeyboardInterrupt:
            print("\nstopped")
        print(review.told())
    return 0


Ends = frozenset[Address]


@dataclass(slots=True)
class Review:
    """One sitting. Each decision is kept when it is made, so that stopping anywhere loses nothing."""

    box: SyncInbox
    ask: answering.Ask
    actor: str
    done: list[tuple[str, list[str]]] = field(default_factory=list)
    """The decisions of this sitting: the word, and the ids by which it is taken back."""
    skipped: set[Ends] = field(default_factory=set)
    page: list[Suggestion] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)
    """Customers about whom something was decided since the page was asked for: of them it may say nothing right."""

    def walk(self) -> None:
        """Show one after the other, those first that are worth most."""
        word = ""
        while word != answering.QUIT:
            found = self._next()
            if found is None:
                word = self._last_word()
            else:
                self._show(found)
                word = self.ask(WORDS, "> ")
                self._try(word, found)

    def _last_word(self) -> str:
        """Nothing is left: only what was decided can be taken back."""
        print("nothing is left to decide" + (", but what was skipped" if self.skipped else ""))
        word = self.ask(WORDS, "> ") if self.done else answering.QUIT
        if word != "undo":
            return answering.QUIT
        self._undo()
        return word

    def _try(self, word: str, found: Suggestion) -> None:
        """Do it, or say why it cannot be done, and go on with the next."""
        before = self._customers(found)
        try:
            self._do(word, found)
        except OmnichannelError as error:
            print(f"not done: {error}")
            self.skipped.add(_ends(found))
        if word != "skip":
            self.touched |= before | self._customers(found)

    def told(self) -> str:
        """What was done, in one line."""
        words = [word for word, _ in self.done]
        counts = ", ".join(f"{words.count(word)} {word}" for word in dict.fromkeys(words))
        return f"decided: {counts or 'nothing'}; skipped: {len(self.skipped)}"

    def _next(self) -> Suggestion | None:
        while found := self.page or self._fresh():
            one = found.pop(0)
            if self._customers(one).isdisjoint(self.touched):
                return one
        return None

    def _fresh(self) -> list[Suggestion]:
        """The next page: what decisions changed is seen in it."""
        self.touched.clear()
        every = self.box.identity.suggestions(most=_PAGE + len(self.skipped))
        self.page = [one for one in every if _ends(one) not in self.skipped]
        return self.page

    def _customers(self, found: Suggestion) -> set[str]:
        """Whose the two addresses are now."""
        ends = (self.box.customers.find(end) for end in _ends(found))
        return {customer.id for customer in ends if customer}

    def _show(self, found: Suggestion) -> None:
        print(f"\n1  {self._side(found.one)}\n2  {self._side(found.other)}")
        print("\n".join(f"   {plain(reason)}" for reason in found.because))
        print("\n".join(lines(found.weights)), end="\n" if found.weights else "")
        print(
            f"   one customer with probability {found.likely:.2f} ({found.strength}); worth {found.worth:.1f}"
        )

    def _side(self, address: Address) -> str:
        """An address, the name, and what was said last."""
        customer = self.box.customers.find(address)
        if customer is None:
            return plain(str(address))
        heard = [
            one for one in self.box.customers.timeline(customer.id) if one.direction is Direction.INBOUND
        ]
        name = f"  {plain(customer.name)}" if customer.name else ""
        last = f"  {heard[-1].received_at:%Y-%m-%d} “{shortened(heard[-1].text)}”" if heard else ""
        return f"{plain(str(address))}{name}  ({len(heard)} messages){last}"

    def _do(self, word: str, found: Suggestion) -> None:
        if word == "same":
            self._same(found)
        elif word == "different":
            self._keep(word, self.box.identity.refuse(found.one, found.other, actor=self.actor))
        elif word == "shared":
            which = self.ask(_SIDES, "which of the two do several people use, 1 or 2? ")
            if which in _SIDES:
                address = found.one if which == "1" else found.other
                self._keep(word, self.box.identity.share(address, actor=self.actor))
        elif word == "skip":
            self.skipped.add(_ends(found))
        elif word == "undo":
            self._undo()

    def _same(self, found: Suggestion) -> None:
        customer = self.box.identity.merge(found.one, found.other, actor=self.actor)
        ends = sorted(map(str, _ends(found)))
        said = [
            claim.id
            for claim in self.box.identity.claims(customer.id)
            if claim.method == "accept" and not claim.revoked
            if sorted((str(claim.address), str(claim.other))) == ends
        ]
        self._keep("same", said[-1:])

    def _keep(self, word: str, ids: list[str]) -> None:
        self.done.append((word, ids))

    def _undo(self) -> None:
        self.page.clear()
        if not self.done:
            print("there is nothing to take back: nothing was decided in this sitting")
            return
        word, ids = self.done.pop()
        self.box.identity.undo(ids, actor=self.actor)
        print(f"taken back: {word}")


def _ends(found: Suggestion) -> Ends:
    return frozenset((found.one, found.other))
