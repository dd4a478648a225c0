"""Customers, without `await`."""

from __future__ import annotations

from omnichannel.inbox.customers import Customers
from omnichannel.model import Address, Customer, Message, Purpose
from omnichannel.sync.waiting import Wait


class SyncCustomers:
    """`inbox.customers` without `await`."""

    def __init__(self, wait: Wait, customers: Customers) -> None:
        self._wait = wait
        self._of = customers

    def get(self, who: str, *, purpose: Purpose = Purpose.DISCLOSE) -> Customer:
        """A customer by id."""
        return self._wait(self._of.get(who, purpose=purpose))

    def find(self, address: Address, *, purpose: Purpose = Purpose.DISCLOSE) -> Customer | None:
        """The customer with this address."""
        return self._wait(self._of.find(address, purpose=purpose))

    def timeline(self, who: str, *, purpose: Purpose = Purpose.DISCLOSE) -> list[Message]:
        """Everything said to and by a customer."""
        return self._wait(self._of.timeline(who, purpose=purpose))
