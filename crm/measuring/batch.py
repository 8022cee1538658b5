"""One import, as measuring sees it."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crm.importing.delivery import Delivery
from crm.importing.report import FeedReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """An import whose snapshot is built (`built`) and not yet published. `number` is in every row that it brought (`batch`)."""

    number: int
    delivery: Delivery
    at: datetime
    reports: tuple[FeedReport, ...]
    rejects: Path
    built: Path
    before: Path | None

    def had(self, *feeds: str) -> bool:
        """Whether rows of one of the feeds were taken."""
        return any(report.taken for report in self.reports if report.feed in feeds)
