"""Who lives in the simulated bank: a chunk of persons or companies with all that is true of them, seen by the bank or not.

Arrays of one length belong together, one place a customer. Days are int32 days since 1970, instants int64 seconds since 1970 UTC, and
-1 is none. What a customer may have several of (needs, events) is ragged: `need_person` and its like say whose it is.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

# What numpy calculates with is wider than what is kept: the names say what a number means, not how wide it is.
Days = NDArray[Any]
Seconds = NDArray[Any]
Places = NDArray[Any]
Floats = NDArray[Any]
Flags = NDArray[Any]
Words = NDArray[Any]  # of str

CHANNELS = ("wecom", "sms", "phone", "email", "app", "branch")  # the columns of `response`
NO_CHURN, GRADUAL, SUDDEN, FALSE_ALARM = range(4)
SHAPES = ("", "gradual", "sudden", "false_alarm")


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Persons. `stage`, `wealth` and the like are the truth; what the bank was told of it is in its feeds."""

    number: Places
    ids: pa.Array
    name: Words
    male: Flags
    born: Days
    age: Places
    stage: Words  # student single newlywed parenting midlife silver
    stage_since: Days
    opened_at: Seconds
    work: Words  # work owner free student retired
    occupation: Words
    married: Flags
    income: Floats  # yuan a month
    wealth: Floats  # yuan, kept with the bank in all
    rate: Floats  # manual entries a month while activity is 1; 0 for the silent
    app_rate: Floats  # page views a month; 0 for those without the app
    level: NDArray[np.int8]  # how much risk they bear in truth, 1–5
    rm: Places  # place in world.rms
    branch: Places  # place in world.branches
    main_account: pa.Array
    activity: NDArray[np.float32]  # [persons, weeks of the world]: 1 is usual, 0 before opening and after leaving
    response: NDArray[np.float32]  # [persons, CHANNELS]
    churn_shape: NDArray[np.int8]
    churn_cause: Words
    churn_since: Days
    churn_gone: Days  # nothing comes any more from this day on; of a false alarm the day on which it is over
    need_person: Places
    need: Words
    need_since: Days
    need_until: Days
    need_met: Flags
    need_chance: Floats  # percent that it is still felt on the last day, by the same scorer
    event_person: Places
    event: Words
    event_on: Days
    partner: Places  # place of the spouse in the chunk
    children: Places
    child_born: Days  # of the oldest
    same_as: Places  # place in the chunk of the customer that is the same human
    died: Days
    widowed: Days


@dataclass(frozen=True, slots=True, kw_only=True)
class Companies:
    """Companies, and the trade among those of the chunk (`link_…`)."""

    number: Places
    ids: pa.Array
    name: Words
    industry: Words
    industry_code: Words
    founded: Days
    employees: Places
    revenue: Floats  # yuan a year
    wealth: Floats  # yuan, kept with the bank in all
    rate: Floats  # manual entries a month while activity is 1
    trade_licence: Flags
    trades: Flags  # really trades abroad, with or without a licence
    currency: Words  # of that trade, or ''
    link_supplier: Places  # place of who delivers
    link_buyer: Places  # place of who pays
    link_volume: Floats  # yuan a month
    link_day: Places  # day of the month
    link_regularity: Floats  # 0 by no rule … 1 to the day
    core: Flags  # a manufacturer with suppliers and dealers around it
    owner: Places  # number of the person who owns it
    wound_up: Days
    high_tech: Flags
    patents: Places
    borrows: Flags
    level: NDArray[np.int8]
    opened_at: Seconds
    rm: Places
    branch: Places
    main_account: pa.Array
    activity: NDArray[np.float32]
    response: NDArray[np.float32]
    churn_shape: NDArray[np.int8]
    churn_cause: Words
    churn_since: Days
    churn_gone: Days
    need_person: Places  # place of the company
    need: Words
    need_since: Days
    need_until: Days
    need_met: Flags
    need_chance: Floats
    event_person: Places
    event: Words
    event_on: Days
