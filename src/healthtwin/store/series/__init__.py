"""Values over time: hot rows, sealed blocks, daily summaries."""

from healthtwin.store.series.store import SealReport, SeriesRow, SeriesSize, SeriesStore
from healthtwin.store.series.summaries import Bins

__all__ = ["Bins", "SealReport", "SeriesRow", "SeriesSize", "SeriesStore"]
