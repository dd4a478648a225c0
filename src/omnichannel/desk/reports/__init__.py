"""Reports: what is counted of a conversation, how a time is divided, how a report is written as CSV, or drawn. Pure.

What was said and decided of a conversation makes its counts (`counts`): a function of the record alone, so that they
are the same whether they are made at every change, or once.
"""

from omnichannel.desk.reports.counting import Rated, Read, Record, counts
from omnichannel.desk.reports.drawing import draw
from omnichannel.desk.reports.figures import FIGURES
from omnichannel.desk.reports.hours import mark, worked_by
from omnichannel.desk.reports.periods import Piece, divide, moment_of, spans, zone_of
from omnichannel.desk.reports.tables import tame, to_csv
from omnichannel.desk.reports.what import FOREVER, TIMED, Count, What

__all__ = [
    "FIGURES", "FOREVER", "TIMED", "Count", "Piece", "Rated", "Read", "Record", "What", "counts", "divide", "draw",
    "mark", "moment_of", "spans", "tame", "to_csv", "worked_by", "zone_of",
]  # fmt: skip
