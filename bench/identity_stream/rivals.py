"""What other tools reached on the same streams, and what is aimed at.

Measured in November 2026 on the same kind of machine (two cores, 23 GB, Python 3.11), each tool on the same cleaned
columns. `rules_*` union events on equal identifiers: any, those seen with at most two family names, verified ones.
`segment-like` follows the limits and priorities that Segment documents. Splink 5.0.0 at a threshold of 0.95,
goldenmatch 3.22.0 with every identifier as an exact key, and without settings; identity-resolver 0.1.0.
"""

from __future__ import annotations

from typing import NamedTuple


class Rival(NamedTuple):
    """One tool on one stream, pairwise. `attacks` is the share that succeeds, `people` the most in one customer."""

    tool: str
    precision: float
    recall: float
    attacks: float
    bridged: str
    people: int
    seconds: float


RIVALS = {
    "omni_stream_5k": (
        Rival("rules_any", 0.8267, 0.7457, 0.706, "12/26", 17, 3.0),
        Rival("rules_guarded", 0.9759, 0.7064, 0.706, "11/26", 3, 3.8),
        Rival("rules_verified", 0.9298, 0.3085, 0.000, "0/26", 17, 3.0),
        Rival("segment-like", 0.9525, 0.6953, 0.623, "9/26", 11, 2.6),
        Rival("splink", 0.8842, 0.4495, 0.588, "0/26", 10, 34.3),
        Rival("goldenmatch exact", 0.8266, 0.7431, 0.657, "12/26", 17, 4.2),
        Rival("goldenmatch zero", 1.0000, 0.0118, 0.000, "0/26", 1, 144.2),
    ),
    "omni_stream_tiny": (
        Rival("rules_any", 0.9740, 0.7416, 0.875, "0/0", 2, 0.8),
        Rival("rules_guarded", 0.9765, 0.7351, 0.875, "0/0", 2, 0.7),
        Rival("rules_verified", 1.0000, 0.3228, 0.000, "0/0", 1, 0.8),
        Rival("segment-like", 0.9910, 0.6717, 0.875, "0/0", 2, 0.7),
        Rival("splink", 0.9909, 0.2990, 0.875, "0/0", 2, 11.1),
        Rival("goldenmatch exact", 0.9740, 0.7416, 0.875, "0/0", 2, 1.9),
        Rival("goldenmatch zero", 1.0000, 0.0200, 0.000, "0/0", 1, 17.9),
        Rival("identity-resolver", 0.0088, 0.8609, 1.000, "0/0", 184, 8.7),
    ),
}

PRECISION = {"disclose": 0.9995, "assist": 0.99}
"""What is aimed at, pairwise."""

RECALL = 0.74
"""What is aimed at for assist; for disclose it is `OF_CEILING` of what verified identifiers could give an oracle."""

OF_CEILING = 0.99
MISPLACED = 0.01
PEOPLE = 2
