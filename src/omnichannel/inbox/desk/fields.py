"""`inbox.desk.fields`: fields of one's own, of cases and of customers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from omnichannel.desk.fields import fitted, misfit
from omnichannel.inbox.customers import number_of as customer_number
from omnichannel.inbox.customers import persons
from omnichannel.inbox.desk.alone import Alone
from omnichannel.inbox.desk.deciding import OF_CASE, OF_CUSTOMER, By, decide
from omnichannel.inbox.desk.refreshing import Desked
from omnichannel.inbox.given import purpose_of
from omnichannel.model import Purpose
from omnichannel.model.desk import Case, CustomGiven, HeldField
from omnichannel.store import Tx
from omnichannel.store.desk import fields


class Fields(Alone):
    """Fields that the plan declares (`Plan.case_fields`, `Plan.customer_fields`). Every change is a decision.

    A customer's fields stand with the address that they were said of, so that merging customers and taking
    that back changes nothing that anybody said.
    """

    async def fill(
        self, conversation: str, values: Mapping[str, CustomGiven], *, actor: str = "", because: str = ""
    ) -> Case:
        """Fill fields of a case; those that are not named stay as they are.

        Raises NotFound for an unknown conversation and for a field that the plan does not declare, UsageError for a
        value that does not fit, saying what would.
        """
        kept = fitted(self._plan.case_fields, values)
        changed = {f"{OF_CASE}{name}": value for name, value in kept.items()}
        return await self._on(conversation, partial(self._fill, changed=changed, by=_by(actor, because)))

    async def fill_customer(
        self, conversation: str, values: Mapping[str, CustomGiven], *, actor: str = "", because: str = ""
    ) -> list[HeldField]:
        """Say something of the customer of a conversation, and of the address they began it from.

        What the customer's fields hold then. Raises as `fill` does.
        """
        kept = fitted(self._plan.customer_fields, values)
        changed = {f"{OF_CUSTOMER}{name}": value for name, value in kept.items()}

        def job(tx: Tx, desked: Desked) -> list[HeldField]:
            self._fill(tx, desked, changed, _by(actor, because))
            who = desked.case.conversation.customer
            return self._of_customer(tx, who, Purpose.DISCLOSE)

        return await self._on(conversation, job)

    async def of(self, conversation: str) -> list[HeldField]:
        """What the fields of a case hold, by name; what the plan no longer declares, or not so, is marked.

        Raises NotFound.
        """

        def job(_: Tx, desked: Desked) -> list[HeldField]:
            declared = self._plan.case_fields
            return [
                HeldField(name=name, value=value, misfit=misfit(declared, name, value))
                for name, value in sorted(desked.case.fields.items())
            ]

        return await self._on(conversation, job)

    async def of_customer(self, who: str, *, purpose: Purpose = Purpose.DISCLOSE) -> list[HeldField]:
        """What was said of a customer (`Customer.id`), by name; of one said of several addresses, the last first.

        Raises NotFound.
        """
        purpose = purpose_of(purpose)
        return await self._alone(lambda tx: self._of_customer(tx, who, purpose))

    def _fill(self, tx: Tx, desked: Desked, changed: Mapping[str, object], by: By) -> Case:
        decide(tx, self._plan, desked, "filled", by, changed)
        return desked.case

    def _of_customer(self, tx: Tx, who: str, purpose: Purpose) -> list[HeldField]:
        numbers = [person.id for person in persons(tx, customer_number(tx, who), purpose)]
        declared = self._plan.customer_fields
        return [
            one.model_copy(update={"misfit": misfit(declared, one.name, one.value)})
            for one in fields.of_addresses(tx, numbers)
        ]


def _by(actor: str, because: str) -> By:
    return By(actor, (because,) if because else ())
