"""Mistakes planted in the real code, each the smallest that somebody could make there: the rules find them all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

from bench.identity_rules import logs, rules
from omnichannel.identity import Entry, Partition, Point, Policy
from omnichannel.identity.groups import Groups, Obstacle
from omnichannel.identity.policy import Kind
from omnichannel.model import Purpose, Strength

# Some functions have the name of their module, and hide it in the package.
customers, decisions, epochs, groups, journal, links, sharing = (
    import_module(f"omnichannel.identity.{name}")
    for name in ("customers", "decisions", "epochs", "groups", "journal", "links", "shared")
)


@dataclass(frozen=True)
class Fault:
    """A mistake: what it is called, and what stands in for which part of the code."""

    name: str
    owner: object
    part: str
    instead: object

    @contextmanager
    def planted(self) -> Iterator[None]:
        """The code with the mistake, until the end of the block."""
        right = vars(self.owner)[self.part]
        setattr(self.owner, self.part, self.instead)
        try:
            yield
        finally:
            setattr(self.owner, self.part, right)


FAULTS: list[Fault] = []
"""Every fault there is."""


def fault(owner: object, name: str) -> Callable[[Any], Any]:
    """Register what stands in for a part of the code as a fault, by its own name."""

    def register(instead: Any) -> Any:
        called = getattr(instead, "fget", instead).__name__  # a property has no name of its own
        FAULTS.append(Fault(called, owner, name, instead))
        return instead

    return register


_live, _obstacle, _unmerge = journal.live, customers._obstacle, decisions.unmerge
_tied, _several, _join = sharing._tied, sharing._several, Groups.join


# --- which links come first -------------------------------------------------------------------------------


@fault(links, "_order")
def limits_are_first_come(policy: Policy) -> Callable[[Entry], Any]:
    return lambda link: link.id


@fault(links, "_order")
def ties_fall_by_arrival(policy: Policy) -> Callable[[Entry], Any]:
    return lambda link: (links.rank(policy.strength(link)), -policy.likely(link), link.at, link.id)


@fault(links, "_order")
def the_order_of_the_list_decides(policy: Policy) -> Callable[[Entry], Any]:
    return lambda link: links.rank(policy.strength(link))


@fault(links, "_order")
def the_youngest_comes_first(policy: Policy) -> Callable[[Entry], Any]:
    return lambda link: (
        links.rank(policy.strength(link)),
        -policy.likely(link),
        -link.at,
        link.pair,
        link.method,
    )


@fault(links, "_order")
def the_weak_come_with_the_strong(policy: Policy) -> Callable[[Entry], Any]:
    return lambda link: (-policy.likely(link), link.at, link.pair, link.method)


# --- what counts at all -----------------------------------------------------------------------------------


@fault(links, "live")
def revocations_are_forgotten(entries: Any) -> list[Entry]:
    return [entry for entry in entries if entry.kind != "revoke"]


@fault(links, "live")
def a_revoked_revocation_still_takes_back(entries: Any) -> list[Entry]:
    every = {entry.id: entry for entry in entries}
    dead = {entry.target for entry in every.values() if entry.kind == "revoke"}
    return [entry for entry in every.values() if entry.kind != "revoke" and entry.id not in dead]


@fault(links, "live")
def what_is_said_twice_counts_twice(entries: Any) -> list[Entry]:
    told = list(entries)
    known = {entry.id for entry in _live(told)}
    return [entry for entry in told if entry.id in known and entry.kind != "revoke"]


@fault(customers, "counts")
def later_revocations_count_now(entries: Any, policy: Policy, at: int | None = None) -> list[Entry]:
    known = _live(entries)
    return [
        e for e in known if at is None or (e.at <= at and ((ends := policy.expires(e)) is None or ends > at))
    ]


@fault(Policy, "expires")
def nothing_expires(self: Policy, entry: Entry) -> int | None:
    return None


@fault(Policy, "expires")
def a_methods_time_is_forgotten(self: Policy, entry: Entry) -> int | None:
    return entry.expires_at


@fault(Policy, "strength")
def strength_is_ignored(self: Policy, entry: Entry) -> Strength:
    return Strength.VERIFIED


@fault(Policy, "strength")
def a_row_is_believed_beyond_its_method(self: Policy, entry: Entry) -> Strength:
    return entry.strength


@fault(links, "joins")
def likelihood_joins_to_disclose(
    entry: Entry, purpose: Purpose = Purpose.DISCLOSE, policy: Policy = links.POLICY
) -> bool:
    if entry.other is None or entry.kind not in ("claim", "accept"):
        return False
    return bool(policy.strength(entry).proves or policy.likely(entry) >= policy.least.get(purpose, 1.0))


@fault(links, "joins")
def assist_counts_whatever_is_said(
    entry: Entry, purpose: Purpose = Purpose.DISCLOSE, policy: Policy = links.POLICY
) -> bool:
    if entry.other is None or entry.kind not in ("claim", "accept"):
        return False
    return policy.strength(entry).proves or purpose is not Purpose.DISCLOSE


# --- mutual claims ----------------------------------------------------------------------------------------


@fault(links, "mutual")
def one_side_is_enough_for_a_mutual_claim(entries: Any, policy: Policy = links.POLICY) -> list[Entry]:
    return [
        entry for entry in entries if entry.kind == "claim" and entry.other is not None and policy.own(entry)
    ]


@fault(Policy, "own")
def what_is_inferred_is_a_mutual_claim(self: Policy, entry: Entry) -> bool:
    method = self.methods.get(entry.method)
    own = method is not None and (method.own or method.most is Strength.INFERRED)
    return own and not self.strength(entry).proves


@fault(Policy, "own")
def a_contact_card_is_a_mutual_claim(self: Policy, entry: Entry) -> bool:
    return self.strength(entry) is Strength.ASSERTED


@fault(links, "_by_proven")
def the_unproven_make_mutual_claims(entry: Entry, known: Any) -> bool:
    return True


@fault(customers, "links")
def mutual_claims_are_forgotten(known: Any, entries: Any, purpose: Purpose, policy: Policy) -> list[Entry]:
    return sorted((e for e in entries if links.joins(e, purpose, policy)), key=links._order(policy))


# --- shared addresses -------------------------------------------------------------------------------------


@fault(customers, "shared")
def a_shared_address_is_a_bridge(
    known: Any, entries: Any, purpose: Purpose, policy: Policy
) -> dict[int, str]:
    return {}


@fault(sharing, "_several")
def asserted_names_share_to_disclose(point: Point, purpose: Purpose, policy: Policy) -> str:
    return str(_several(point, Purpose.ASSIST, policy))


@fault(sharing, "_tied")
def asserted_accounts_share_to_disclose(known: Any, entries: Any, purpose: Purpose, policy: Policy) -> Any:
    return _tied(known, entries, Purpose.ANALYTICS, policy)


@fault(sharing, "_tied")
def accounts_of_all_places_are_one_crowd(known: Any, entries: Any, purpose: Purpose, policy: Policy) -> Any:
    tied = _tied(known, entries, purpose, policy)
    return {near: {("any", ""): set().union(*places.values())} for near, places in tied.items()}


@fault(sharing, "_crowd")
def a_device_is_as_good_as_a_person(point: Point, tied: Any, policy: Policy) -> str:
    if policy.kind(point.kind).account:
        return ""
    return "crowd" if any(len(numbers) >= policy.accounts for numbers in tied.values()) else ""


@fault(sharing, "_tells")
def only_log_ins_tell_people_apart_at_a_device(
    here: Point, there: Point, entry: Entry, policy: Policy
) -> bool:
    return bool(there.kind) and policy.kind(there.kind).account and not there.retired


@fault(sharing, "_standing")
def a_role_is_a_person(kind: str, value: str) -> str:
    return ""


# --- refusals and limits ----------------------------------------------------------------------------------


@fault(Groups, "join")
def a_refusal_is_lost_in_a_merge(self: Groups, one: int, other: int) -> None:
    kept = self._group(one).refusals
    _join(self, one, other)
    self._group(one).refusals[:] = kept


@fault(Groups, "refused")
def a_refusal_holds_for_two_addresses_only(self: Groups, one: int, other: int) -> Obstacle | None:
    found = next((e for e in self._group(one).refusals if e.pair == tuple(sorted((one, other)))), None)
    return Obstacle("refused", found) if found else None


@fault(customers, "_obstacle")
def an_accept_overrides_a_refusal(
    known: Groups, link: Entry, common: Any, purpose: Purpose, policy: Policy
) -> Any:
    return None if link.kind == "accept" else _obstacle(known, link, common, purpose, policy)


@fault(customers, "_obstacle")
def an_accept_is_bound_by_limits(
    known: Groups, link: Entry, common: Any, purpose: Purpose, policy: Policy
) -> Any:
    return _obstacle(known, replace(link, kind="claim"), common, purpose, policy)


@fault(groups, "_counted")
def limits_count_across_places(point: Point) -> Any:
    return groups.Counter({(point.kind, ""): 1} if point.kind and not point.retired else {})


@fault(groups, "_counted")
def what_was_left_counts_against_a_limit(point: Point) -> Any:
    return groups.Counter({(point.kind, point.scope): 1} if point.kind else {})


@fault(Kind, "limit")
def a_limit_is_one_too_high(self: Kind, purpose: Purpose) -> int:
    return 1 + (self.most if purpose is Purpose.DISCLOSE else self.loosely or self.most)


@fault(Kind, "limit")
def assist_has_the_limits_of_disclose(self: Kind, purpose: Purpose) -> int:
    return self.most


@fault(Groups, "strangers")
def names_never_stand_between(self: Groups, one: int, other: int) -> Obstacle | None:
    return None


@fault(Groups, "objected")
def an_objection_is_not_heard(self: Groups, one: int, other: int) -> Obstacle | None:
    return None


@fault(Groups, "objected")
def an_objection_holds_for_one_side(self: Groups, one: int, other: int) -> Obstacle | None:
    return Obstacle("objected") if self._group(one).objects else None


# --- purposes ---------------------------------------------------------------------------------------------


@fault(Purpose, "views")
@property
def assist_begins_anew(self: Purpose) -> tuple[Purpose, ...]:
    return (self,)


@fault(Partition, "unproven")
def what_is_unproven_is_not_marked(self: Partition, one: int, other: int) -> bool:
    return False


# --- owners -----------------------------------------------------------------------------------------------


@fault(customers, "owned")
def the_owner_of_the_time_is_ignored(known: Any, entries: Any) -> list[Entry]:
    return list(entries)


@fault(logs, "ties")
def asserted_evidence_makes_an_owner(number: int, known: Any, entries: Any, policy: Policy) -> Any:
    pairs = [
        (e.at, sum(e.pair) - number) for e in entries if e.kind == "claim" and e.other and number in e.pair
    ]
    return sorted(
        {(at, other) for at, other in pairs if other in known and policy.kind(known[other].kind).account}
    )


@fault(logs, "beginnings")
def owners_change_without_a_silence(tied: Any, gap: int | None, left: Any = ()) -> list[int]:
    return list(epochs.beginnings(tied, 0, left))


@fault(logs, "beginnings")
def who_left_is_still_the_owner(tied: Any, gap: int | None, left: Any = ()) -> list[int]:
    return list(epochs.beginnings(tied, gap))


@fault(epochs, "given_up")
def who_moved_away_is_still_there(entries: Any, policy: Policy) -> frozenset[int]:
    return frozenset()


@fault(epochs, "given_up")
def who_came_back_is_still_away(entries: Any, policy: Policy) -> frozenset[int]:
    return frozenset(entry.other for entry in entries if entry.other and policy.moves(entry))


@fault(epochs, "given_up")
def anybody_says_who_moved_away(entries: Any, policy: Policy) -> frozenset[int]:
    return frozenset(e.other for e in entries if e.other and e.method == "number_change")


@fault(logs, "beginnings")
def owners_change_in_the_order_of_arrival(tied: Any, gap: int | None, left: Any = ()) -> list[int]:
    return sorted(
        at for at, account in tied if account != tied[0][1] and gap is not None and at - tied[0][0] >= gap
    )


# --- decisions --------------------------------------------------------------------------------------------


@fault(rules, "unmerge")
def an_unmerge_forgets_to_refuse(*given: Any, **more: Any) -> list[Entry]:
    return _unmerge(*given, **more)[:-1]


@fault(decisions, "links")
def an_unmerge_takes_back_too_much(known: Any, entries: Any, purpose: Purpose, policy: Policy) -> list[Entry]:
    return list(entries)


@fault(decisions, "owned")
def an_unmerge_means_the_first_owner(known: Any, entries: Any) -> list[Entry]:
    return list(entries)


@fault(rules, "check_accept")
def an_accept_of_a_shared_address_is_allowed(
    partition: Partition, entries: Any, one: int, other: int
) -> None:
    decisions.check_accept(replace(partition, shared={}), entries, one, other)


@fault(rules, "check_accept")
def an_accept_after_a_refusal_is_allowed(partition: Partition, entries: Any, one: int, other: int) -> None:
    decisions.check_accept(partition, [], one, other)
