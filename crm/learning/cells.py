"""Cells of a table as numbers or words: what banks write for a number, a day, and for "we do not know". Pure."""

import re
from datetime import date

import numpy as np

from crm.learning.additive import Column
from crm.learning.definitions import definitions

_MOSTLY = 0.95
_AROUND = re.compile(r"^[¥￥$€£]|[%％元]$|(?<=\d)[,，](?=\d{3}(\D|$))|\s")
_DAY = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?$")


def typed(column: Column) -> Column:
    """A column of numbers where nearly all known values are one, or days as their number; else the words, as they are.

    Words for "unknown" do not speak against numbers; among words they stay, for not telling may tell something.
    """
    known = [str(value).strip() for value in column if value is not None]
    told = sum(one.lower() not in definitions().unknown for one in known)
    for read in (_number, _day):
        numbers = np.array([np.nan if value is None else read(str(value)) for value in column], dtype=np.float64)
        if told and np.count_nonzero(~np.isnan(numbers)) >= _MOSTLY * told:
            return numbers
    return column


def _number(text: str) -> float:
    try:
        found = float(_AROUND.sub("", text.strip()))
    except ValueError:
        return np.nan
    return found if np.isfinite(found) else np.nan


def _day(text: str) -> float:
    found = _DAY.match(text.strip())
    if not found:
        return np.nan
    try:
        return float(date(int(found[1]), int(found[2]), int(found[3])).toordinal())
    except ValueError:
        return np.nan
