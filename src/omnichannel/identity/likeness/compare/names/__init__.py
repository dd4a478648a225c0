"""Persons' names of many cultures: taken apart, compared, and judged whether they can be one person's."""

from omnichannel.identity.likeness.compare.names.matching import (
    NAME,
    SAME_PERSON,
    compatible,
    level_of_names,
)
from omnichannel.identity.likeness.compare.names.parsing import Name, prepare_name

__all__ = ["NAME", "SAME_PERSON", "Name", "compatible", "level_of_names", "prepare_name"]
