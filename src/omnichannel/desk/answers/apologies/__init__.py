"""Formal apologies that lead nowhere: how they look in each language, and the check before sending."""

from omnichannel.desk.answers.apologies.checking import LISTS, check_apology
from omnichannel.desk.answers.apologies.lists import Apologies

__all__ = ["LISTS", "Apologies", "check_apology"]
