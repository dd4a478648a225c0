"""What a log is like: so that a run can show that it met what it is there for."""

from __future__ import annotations

from collections.abc import Iterator

from bench.identity_rules.logs import Log
from bench.identity_rules.rules import found
from omnichannel.identity import UNPROVEN, counts
from omnichannel.model import Purpose


def traits(log: Log) -> Iterator[str]:
    """Each thing that is in a log, once."""
    yield f"of the flavour {log.flavour}"
    every = counts(log.entries, log.policy, log.at)
    views = {purpose: found(log, purpose) for purpose in Purpose}
    strict, assist = views[Purpose.DISCLOSE], views[Purpose.ASSIST]
    revokes = {entry.id for entry in log.entries if entry.kind == "revoke"}
    obstacles = [refused.obstacle for view in views.values() for refused in view.refused_links]
    seen = {
        "with a customer of several addresses": len(set(strict.customer_of.values()))
        < len(strict.customer_of),
        "with a customer of four addresses or more": any(
            len(strict.members(c)) > 3 for c in strict.customer_of
        ),
        "with what only assist joins": strict.customer_of != assist.customer_of,
        "with what only analytics joins": assist.customer_of != views[Purpose.ANALYTICS].customer_of,
        "with a mutual claim that joins": any(not log.policy.strength(link).proves for link in strict.links),
        "with something taken back": bool(revokes),
        "with a revocation taken back": any(entry.target in revokes for entry in log.entries),
        "with something expired": log.at is not None and len(every) < len(counts(log.entries, log.policy)),
        "with an address that changed hands": len(log.points) > len(log.addresses),
        "with an address left by its owner": any(point.retired for point in log.points),
        "with somebody unproven": any(point.scope == UNPROVEN for point in log.points),
        "with a shared address": bool(strict.shared),
        "with one shared only in a laxer view": strict.shared.keys() != assist.shared.keys(),
        "with a link that a refusal stops": any(obstacle.refusal for obstacle in obstacles),
        "with a link that a limit stops": any("at most" in obstacle.because for obstacle in obstacles),
        "with a link that a shared address stops": any(
            "people share" in obstacle.because for obstacle in obstacles
        ),
        "with a link that an objection stops": any("objected" in obstacle.because for obstacle in obstacles),
        "with a link that names stop": any(
            "two people's names" in obstacle.because for obstacle in obstacles
        ),
        "judged by an earlier moment": log.at is not None,
    }
    yield from (trait for trait, met in seen.items() if met)
