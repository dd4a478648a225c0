"""What must hold of customers whatever the journal says: tried on random evidence logs, against an oracle.

`logs` makes the logs, `attacks` what a stranger can add to one, `rules` says what must hold, `faults` are mistakes
planted in the real code to see that the rules find them. The oracle is `tests.identity.oracle`.
"""
