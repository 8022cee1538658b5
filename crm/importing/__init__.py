"""Files of the bank become the book and the facts. `docs/data-contract.md` says what the files look like.

`run.import_folder` is the way in; `schema` is the contract as values; `sink` is what the database must offer.
"""

from crm.importing.report import FeedReport, ImportReport
from crm.importing.run import finish_interrupted, import_folder

__all__ = ["FeedReport", "ImportReport", "finish_interrupted", "import_folder"]
