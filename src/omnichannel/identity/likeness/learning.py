"""Learning without labels: expectation-maximisation over the pairs that blocking found, of all pairs that there are.

A pair that no key found is taken as a pair of strangers, so what is learned holds for all pairs, not for those of
one block. What is usual (the built-in shares) counts as a number of pairs seen: little data changes little.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import sqrt

from omnichannel.identity.likeness.aspects import Field
from omnichannel.identity.likeness.half_alike import HalfAlike
from omnichannel.identity.likeness.model import Model
from omnichannel.identity.likeness.relations import LOOK_ALIKES, RELATIONS, usual, usual_match
from omnichannel.identity.likeness.scoring import Scorer
from omnichannel.identity.likeness.table import STEPS, Pattern

Seen = tuple[Pattern, str, float]
"""A pattern, the two sources, and how many pairs it stands for."""

RECORDS_TRUSTED = 100.0
"""As if so many records had shown what is usual of doubles and relations."""

TRUST = 100.0
"""How many pairs of one customer what is usual counts as."""

SURE = (20.0, 10.0, -400.0)
"""Bits of odds by all other fields from which a pair counts for what a field does in one customer's records."""

ENOUGH = 400.0
"""How many of the surer pairs what the less sure show counts as."""

ROUNDS = 12


def learn(
    model: Model,
    fields: Sequence[Field],
    seen: Sequence[Seen],
    pairs: Mapping[str, float],
    rounds: int = ROUNDS,
) -> Model:
    """A model fitted to the pairs seen. `pairs` is how many pairs there are between the records of two sources."""
    before = [tuple(level.match for level in field.levels) for field in fields]
    for _ in range(rounds):
        scorer = Scorer(model, fields)
        matched: dict[str, float] = {}
        related = [0.0] * len(RELATIONS)
        half_alike = HalfAlike(scorer)
        counts = [[[0.0] * len(shares) for shares in before] for _ in SURE]
        for pattern, sources, times in seen:
            weights = scorer.weights(pattern)
            odds, probability, relations = scorer.shares(weights, sources)
            for number, share in enumerate(relations):
                related[number] += times * share
            if probability < 1e-6:
                continue
            half_alike.add(pattern, weights, times, probability, relations)
            share = probability * times
            matched[sources] = matched.get(sources, 0.0) + share
            for place, (code, weight) in enumerate(zip(pattern, weights, strict=True)):
                if weight is None:
                    continue
                # Sure by the other fields: what this one says took no part in choosing the pair.
                for sure, rows in zip(SURE, counts, strict=True):
                    if odds - weight >= sure:
                        rows[place][code // STEPS] += share
        model = _fitted(model, fields, _leaned(before, counts), matched, related, pairs)
        model = half_alike.fitted(model)
    return model


def stated(model: Model, probabilities: Sequence[float], seen: Sequence[float]) -> Model:
    """A model of one field of which the probability of each level is stated; `seen` is its share of all pairs."""
    ((name, learned),) = model.fields.items()
    odds = [probability / (1 - probability) for probability in probabilities]
    chance = tuple(model.prior * match / each for match, each in zip(learned.match, odds, strict=True))
    return replace(model, fields={name: replace(learned, chance=chance, seen=tuple(seen))})


def _leaned(
    before: Sequence[Sequence[float]], counts: Sequence[Sequence[Sequence[float]]]
) -> list[list[float]]:
    """For each field what the surest pairs show, leaning on the less sure, and those on what is usual."""
    chosen = []
    for place, shares in enumerate(before):
        row, trust = [TRUST * share for share in shares], TRUST
        for rows in reversed(counts):
            row = [count + trust * share / sum(row) for count, share in zip(rows[place], row, strict=True)]
            trust = ENOUGH
        chosen.append(row)
    return chosen


def _fitted(
    model: Model,
    fields: Sequence[Field],
    counts: Sequence[Sequence[float]],
    matched: Mapping[str, float],
    related: Sequence[float],
    pairs: Mapping[str, float],
) -> Model:
    total = sum(pairs.values())
    size = (1 + sqrt(1 + 8 * total)) / 2
    leaning = min(RECORDS_TRUSTED, size) * size / 2
    prior = (sum(matched.values()) + usual_match(size) * leaning) / (total + leaning)
    learned = {}
    for field, row in zip(fields, counts, strict=True):
        whole = sum(row)
        before = model.fields[field.name]
        seen = before.seen or before.chance
        match = [count / whole for count in row]
        # Some of all pairs are one customer's: what strangers do is the rest.
        chance = tuple(max(all_ - prior * one, 0.05 * all_) for all_, one in zip(seen, match, strict=True))
        learned[field.name] = replace(before, match=rising(match, chance), chance=chance, seen=seen)
    priors = {
        sources: (matched.get(sources, 0.0) + 1e4 * prior) / (count + 1e4) for sources, count in pairs.items()
    }
    expected = usual(size)
    relations = {
        name: (found + expected[name] * leaning) / (total + leaning)
        for name, found in zip(RELATIONS, related, strict=True)
    }
    relations["look-alikes"] = LOOK_ALIKES * prior
    return Model(learned, prior, priors, relations)


def rising(match: Sequence[float], chance: Sequence[float]) -> tuple[float, ...]:
    """Shares under which a stronger level never weighs less: neighbours that do are pooled."""
    pools: list[tuple[float, float, int]] = []
    for matched, met in zip(match, chance, strict=True):
        pools.append((matched, met, 1))
        while len(pools) > 1 and pools[-2][0] * pools[-1][1] > pools[-1][0] * pools[-2][1]:
            (m1, u1, n1), (m2, u2, n2) = pools[-2:]
            pools[-2:] = [(m1 + m2, u1 + u2, n1 + n2)]
    ratios = [matched / max(met, 1e-12) for matched, met, number in pools for _ in range(number)]
    return tuple(ratio * met for ratio, met in zip(ratios, chance, strict=True))
