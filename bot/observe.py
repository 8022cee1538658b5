"""Logs: one JSON object a line, an `action` in dotted words, ids instead of names, never message text, amounts or phone numbers."""

import json
import logging
import sys
from typing import Any

_log = logging.getLogger("peiban")


def setup_logging(level: str) -> None:
    """Send our log lines to standard error as JSON. Called once by a command."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonLines())
    _log.handlers[:] = [handler]
    _log.setLevel(level)
    _log.propagate = False


def event(action: str, *, level: int = logging.INFO, **fields: str | int | float | None) -> None:
    """Log what happened. `fields` are ids, counts and codes only."""
    if _log.isEnabledFor(level):
        _log.log(level, action, extra={"fields": fields})


def fault(action: str, error: BaseException, **fields: str | int | float | None) -> None:
    """Log an unanticipated fault with its type and where it was raised, not its message: messages may quote what people wrote."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = "" if trace is None else f"{trace.tb_frame.f_code.co_filename.rsplit('/', 2)[-1]}:{trace.tb_lineno}"
    event(action, level=logging.ERROR, error=type(error).__name__, where=where, **fields)


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        body: dict[str, Any] = {"at": self.formatTime(record), "level": record.levelname.lower(), "action": record.getMessage()}
        body |= getattr(record, "fields", {})
        return json.dumps(body, ensure_ascii=False)
