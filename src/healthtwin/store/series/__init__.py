"""Values over time: hot rows, sealed blocks, daily summaries."""

from healthtwin.store.series.port import SealReport, Series, SeriesRow, SeriesSize
from healthtwin.store.series.store import SeriesStore
from healthtwin.store.series.summaries import Bins

__all__ = ["Bins", "SealReport", "Series", "SeriesRow", "SeriesSize", "SeriesStore"]
