"""To Splink and back: records as a table, and what was learned of likeness as Splink's settings. Pure.

Splink (https://moj-analytical-services.github.io/splink) trains and scores tens of millions of records on DuckDB, or
on Spark. What is exported is prepared here (names taken apart, addresses and numbers in one spelling), so that its
comparisons are short conditions in SQL, each of which stands for levels of ours.
"""

from omnichannel.identity.splink.pairs import Scored, read_pairs
from omnichannel.identity.splink.settings import settings, training
from omnichannel.identity.splink.sheet import Sheet

__all__ = ["Scored", "Sheet", "read_pairs", "settings", "training"]
