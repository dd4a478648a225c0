"""Roles as data: what each may do, and with which cases. Those that there are by default can all be replaced."""

from __future__ import annotations

from typing import Self, get_args

from pydantic import Field, SecretStr, model_validator

from omnichannel.model import Agent, Grant, Permission, Reach, Value


class Role(Value):
    """What whoever has it may do (`may`), and with which cases (`reach`)."""

    name: str = Field(min_length=1)
    may: tuple[Permission, ...]
    reach: Reach = "all"


_AGENT: tuple[Permission, ...] = ("read", "history", "likely", "answer", "work", "assign")
_SUPERVISOR: tuple[Permission, ...] = (*_AGENT, "correct", "identify", "report", "people", "freeze")

ROLES = (
    Role(name="agent", may=_AGENT, reach="teams"),
    Role(name="supervisor", may=_SUPERVISOR),
    Role(name="admin", may=get_args(Permission)),
    Role(name="bot", may=("read", "history", "answer", "work")),
    Role(name="auditor", may=("read", "history", "report", "trail")),
)
"""The roles that there are where nobody says otherwise. A bot sees what is proven, and nothing that is only likely;
an auditor sees, and changes nothing."""


class Access(Value):
    """Who may do what: the `roles` that there are, and which one people and bots have who were granted none.

    `keys` make the trail's marks: the first of them new ones, the others are those of before. Without any the
    workspace's own secret does, which stands in the same database: then whoever can write all of that can also
    make marks anew. Raises ValueError where two roles have one name, or a default is none.
    """

    roles: tuple[Role, ...] = ROLES
    person: str = "agent"
    bot: str = "bot"
    keys: tuple[SecretStr, ...] = Field(default=(), repr=False)

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        names = [role.name for role in self.roles]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"two roles are called {name!r}; give each a name of its own")
        for name in (self.person, self.bot):
            if name and name not in names:
                raise ValueError(f"no role is called {name!r}; there are: {', '.join(names) or 'none'}")
        if any(len(key.get_secret_value()) < _SHORT for key in self.keys):
            raise ValueError(f"a key of the trail has less than {_SHORT} characters; make one by chance")
        return self

    @property
    def secrets(self) -> tuple[str, ...]:
        """The keys as they are, the one of new marks first."""
        return tuple(key.get_secret_value() for key in self.keys)

    def role(self, name: str) -> Role | None:
        """A role by name; None if there is none."""
        return next((role for role in self.roles if role.name == name), None)

    def grants(self, agent: Agent) -> tuple[Grant, ...]:
        """The roles of somebody: those that they were granted, else the one that people, or bots, have."""
        default = self.bot if agent.role == "bot" else self.person
        return agent.grants or ((Grant(role=default),) if default else ())


_SHORT = 16
