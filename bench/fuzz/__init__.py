"""Hostile inputs for everything here that reads what strangers write: targets, mutators, limits, a corpus.

`target` says what a target is, `targets` finds them all, `mutate` and `wire` make inputs, `limits` measures what one
costs, `trial` runs them and counts, `guided` lets the code that is reached choose the inputs, `pumps` looks whether
time grows as inputs do, `totals` sums over many runs.
"""
