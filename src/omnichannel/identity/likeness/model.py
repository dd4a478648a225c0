"""What has been learned: how often each level is met among one customer's records, and among strangers'."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from omnichannel.identity.likeness.aspects import Field, Kind
from omnichannel.identity.likeness.relations import RELATIONS, usual, usual_match

VERSION = 1
LEAST = 1e-9


@dataclass(frozen=True, slots=True)
class Learned:
    """One field: the share of each level among one customer's records (`match`) and among strangers (`chance`)."""

    kind: Kind
    match: tuple[float, ...]
    chance: tuple[float, ...]
    seen: tuple[float, ...] = ()
    """The share among all pairs, a few of them one customer's; `chance` is without those. Empty: the same."""


@dataclass(frozen=True, slots=True)
class Model:
    """A fitted model. `prior` is the share of all pairs that are one customer's, `priors` that of two sources."""

    fields: Mapping[str, Learned]
    prior: float = 1e-4
    priors: Mapping[str, float] = field(default_factory=dict)
    relations: Mapping[str, float] = field(default_factory=lambda: usual(10_000))
    shared: Mapping[str, float] = field(default_factory=dict)
    """How often two who are half alike share a field (see `relations.HALF_ALIKE`); where not said, half the time."""

    @classmethod
    def default(cls, fields: Iterable[Field], size: int = 10_000) -> Model:
        """The model before anything was learned, for about so many records."""
        return cls({
            field.name: Learned(
                field.kind,
                tuple(level.match for level in field.levels),
                tuple(level.chance for level in field.levels),
            )
            for field in fields
        }, usual_match(size), {}, usual(size))  # fmt: skip

    def to_json(self) -> str:
        """The model as one line of JSON."""
        fields = {
            name: {
                "kind": learned.kind.value,
                "match": learned.match,
                "chance": learned.chance,
                "seen": learned.seen,
            }
            for name, learned in self.fields.items()
        }
        made = {"version": VERSION, "prior": self.prior, "priors": dict(self.priors),
                "relations": dict(self.relations), "shared": dict(self.shared), "fields": fields}  # fmt: skip
        return json.dumps(made)

    @classmethod
    def from_json(cls, text: str) -> Model:
        """Read what `to_json` wrote. Raises ValueError for anything else."""
        try:
            said = json.loads(text)
            if said["version"] != VERSION:
                raise ValueError(
                    f"a model of version {said['version']}; this reads version {VERSION}: learn anew"
                )
            fields = {
                name: Learned(
                    Kind(one["kind"]),
                    tuple(map(float, one["match"])),
                    tuple(map(float, one["chance"])),
                    tuple(map(float, one.get("seen", ()))),
                )
                for name, one in said["fields"].items()
            }
            unknown = set(said["relations"]) - set(RELATIONS)
            if unknown:
                raise ValueError(f"no relation is called {min(unknown)!r}")
            priors, relations = dict(said["priors"]), dict(said["relations"])
            return cls(fields, float(said["prior"]), priors, relations, dict(said.get("shared", {})))
        except (KeyError, TypeError, json.JSONDecodeError) as error:
            raise ValueError(f"no model that `to_json` wrote: {error!r}") from None
