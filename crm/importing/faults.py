"""What goes wrong with files and the disk while DuckDB works on them, as one line."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from domain.errors import BadInput

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FULL_WORDS = ("No space left", "Disk quota exceeded", "File too large", "max_temp_directory_size")
# These are mistakes of ours, whatever the file holds.
_OURS = (duckdb.BinderException, duckdb.ParserException, duckdb.CatalogException, duckdb.InternalException)


NOTHING_CHANGED = "nothing was changed. Make room and import the same folder again"
TO_BE_FINISHED = "the book is written, the facts will follow. Make room, then the next import or start of the bot finishes it"


@contextmanager
def room_on_disk(then: str) -> Iterator[None]:
    """A disk that fills is said in one line, with what became of the delivery."""
    try:
        yield
    except (OSError, duckdb.Error) as fault:
        if not is_full(fault):
            raise
        raise BadInput(f"the disk is full; {then}") from None


@contextmanager
def blaming(path: Path | None) -> Iterator[None]:
    """A Parquet file may break off at any page: it is read, not copied, while its rows are judged."""
    try:
        yield
    except duckdb.Error as fault:
        if path is None or path.suffix != ".parquet" or isinstance(fault, _OURS) or is_full(fault):
            raise
        raise BadInput(parquet_fault(path.name, fault)) from None


def parquet_fault(name: str, fault: Exception) -> str:
    """One line for a Parquet file that DuckDB gives up on, at once or at a page further down."""
    return f"{name} cannot be read as Parquet: {str(fault).splitlines()[0][:100]}"


def is_full(fault: BaseException) -> bool:
    """Whether the fault says that there is no more room."""
    return getattr(fault, "errno", None) in _FULL or any(word in str(fault) for word in _FULL_WORDS)
