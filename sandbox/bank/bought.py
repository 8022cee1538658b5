"""What sales leave behind in the books: cards, time deposits, policies and loans with their schedules.

Loans bought by hand have no account of their own and are paid from elsewhere, so that they touch no balance.
"""

import numpy as np
import pyarrow as pa
from numpy.random import Generator

from sandbox.bank.arrays import Numbers, each, flags, keys, of, place_within
from sandbox.bank.columns import cents, days, identifiers, rates, words
from sandbox.bank.crowd import Crowd, crowds
from sandbox.bank.population import Companies, People
from sandbox.bank.sales import CATEGORIES, Sales, sales
from sandbox.bank.world import World, draw
from sandbox.bank.writing import Folder

_CARD, _TERM, _INSURANCE = (CATEGORIES.index(name) for name in ("credit_card", "term", "insurance"))
_FIRST_CARD, _FIRST_TERM = 80, 70  # accounts of a customer are numbered from here
_MOST = 10
# category, kind, product, purpose, percent a year, months of the shortest and how often that at most
_LOANS = (
    ("mortgage", "mortgage", "P-301", "购房", 3.05, 300, 1),
    ("consumer_loan", "consumer", "P-303", "消费", 4.35, 12, 5),
    ("business_loan", "business", "P-302", "生产经营", 3.45, 12, 1),
)
_AHEAD = 100  # days of instalments to come


def bought(people: People, companies: Companies, world: World, folder: Folder) -> None:
    """Write what was bought for needs; what is invested is among the holdings of everybody."""
    for crowd in crowds(people, companies):
        dice = draw(world, crowd.chunk, "bought")
        sold = sales(crowd, world)
        _accounts(crowd, sold, dice, folder)
        _policies(crowd, sold, folder)
        _loans(crowd, world, sold, dice, folder)


def _accounts(crowd: Crowd, sold: Sales, dice: Generator, folder: Folder) -> None:
    for category, first in ((_CARD, _FIRST_CARD), (_TERM, _FIRST_TERM)):
        here = np.flatnonzero(sold.category == category)
        here = here[np.lexsort((sold.day[here], sold.owner[here]))]
        _, counts = np.unique(sold.owner[here], return_counts=True)
        nth = place_within(counts)
        here, nth = here[nth < _MOST], nth[nth < _MOST]
        owner, day = sold.owner[here], sold.day[here]
        card = category == _CARD
        account = identifiers("A", (crowd.numbers[owner], 6), (first + nth, 2))
        none = np.zeros(len(here), dtype=np.int64)
        amount = np.round(sold.amount[here] / 100_000) * 100_000 + 100_000
        folder.add(
            "accounts",
            pa.table(
                {
                    "account_id": account,
                    "customer_id": of(crowd.ids, owner),
                    "kind": words(none, ("card" if card else "deposit",)),
                    "product_code": words(none, ("P-201" if card else "P-101",)),
                    "currency": words(none, ("CNY",)),
                    "opened_on": days(day),
                    "rate": rates(np.full(len(here), 1.1), np.full(len(here), card)),
                    "credit_limit": cents(amount, np.full(len(here), not card)),
                    "renews": pa.array(dice.random(len(here)) < 0.4, mask=np.full(len(here), card)),
                    "matures_on": days(np.where(card, -1, day + 365)),
                }
            ),
        )
        balance = np.zeros(len(here)) if card else amount
        folder.add("balances", pa.table({"account_id": account, "on": days(day), "balance": cents(balance)}))


def _policies(crowd: Crowd, sold: Sales, folder: Folder) -> None:
    here = np.flatnonzero(sold.category == _INSURANCE)
    here = here[np.argsort(sold.day[here], kind="stable")]
    medical = sold.amount[here] % 30_000 == 0  # either of two products, as the amount falls
    key = sold.owner[here] * 2 + medical
    _, firsts = np.unique(key, return_index=True)
    here, medical = here[firsts], medical[firsts]
    folder.add(
        "holdings",
        pa.table(
            {
                "customer_id": of(crowd.ids, sold.owner[here]),
                "product_code": words(medical.astype(np.int64), ("P-401", "P-402")),
                "on": days(sold.day[here]),
                "amount": cents(sold.amount[here]),
                "currency": words(np.zeros(len(here), dtype=np.int64), ("CNY",)),
                "plan": flags(np.zeros(len(here))),
            }
        ),
    )


def _loans(crowd: Crowd, world: World, sold: Sales, dice: Generator, folder: Folder) -> None:
    which = np.array([next((at for at, loan in enumerate(_LOANS) if loan[0] == name), -1) for name in CATEGORIES])
    here = np.flatnonzero(which[sold.category] >= 0)
    kind = which[sold.category[here]]
    principal, start = sold.amount[here], sold.day[here]
    most = np.array([loan[6] for loan in _LOANS])[kind]
    months = np.array([loan[5] for loan in _LOANS])[kind] * dice.integers(1, most + 1)
    percent = np.array([loan[4] for loan in _LOANS])[kind]
    begin = start.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    day = np.minimum(start - _first_of(begin) + 1, 28)
    names = keys("LN", crowd.chunk, len(here))
    folder.add(
        "loans",
        pa.table(
            {
                "loan_id": names,
                "customer_id": of(crowd.ids, sold.owner[here]),
                "product_code": words(kind, [loan[2] for loan in _LOANS]),
                "kind": words(kind, [loan[1] for loan in _LOANS]),
                "principal": cents(principal),
                "currency": words(np.zeros(len(here), dtype=np.int64), ("CNY",)),
                "rate": rates(percent),
                "started_on": days(start),
                "ends_on": days(_first_of(begin + months) + day - 1),
                "method": words(np.zeros(len(here), dtype=np.int64), ("annuity",)),
                "purpose": words(kind, [loan[3] for loan in _LOANS]),
                "renewable": flags(kind == 2),
            }
        ),
    )
    last = (world.last_day + _AHEAD - start) // 30
    many = np.clip(np.minimum(months, last), 0, None)
    loan, number = each(many), place_within(many) + 1
    owed_before, owed = (_owed(principal[loan], percent[loan], months[loan], paid) for paid in (number - 1, number))
    part = owed_before - owed
    interest = np.rint(owed_before * percent[loan] / 1_200).astype(np.int64)
    due = _first_of(begin[loan] + number) + day[loan] - 1
    paid_on = due + np.where(dice.random(len(loan)) < 0.06, dice.integers(1, 6, len(loan)), 0)
    pays = paid_on <= world.last_day
    folder.add(
        "repayments",
        pa.table(
            {
                "loan_id": of(names, loan),
                "number": pa.array(number.astype(np.int32)),
                "due_on": days(due),
                "due_amount": cents(part + interest),
                "principal_part": cents(part),
                "paid_on": days(np.where(pays, paid_on, -1)),
                "paid_amount": cents(np.where(pays, part + interest, 0)),
            }
        ),
    )


def _first_of(month: Numbers) -> Numbers:
    """The first day of a month that is counted since 1970."""
    return np.asarray(month).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


def _owed(principal: Numbers, percent: Numbers, months: Numbers, paid: Numbers) -> Numbers:
    """Cents still owed after so many equal instalments."""
    growth = 1 + percent / 1_200
    return np.rint(principal * (1 - (growth**paid - 1) / (growth**months - 1))).astype(np.int64)
