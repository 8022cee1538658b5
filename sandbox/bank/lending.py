"""Loans and how they are paid back: maturities spread so that about each 36th ends in a month, 11 of 100 go bad."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.random import Generator
from numpy.typing import NDArray

from sandbox.bank.accounts import BUSINESS, CAR, CONSUMER, LOAN, MORTGAGE, PRODUCTS, Accounts, Register
from sandbox.bank.columns import cents, days, identifiers, rates, words
from sandbox.bank.entries import CHANNEL, KIND, Entries, entries, move
from sandbox.bank.ledger import at_second
from sandbox.bank.population import People
from sandbox.bank.world import World

KINDS = ("mortgage", "consumer", "car", "business")
_PRODUCT = np.array([MORTGAGE, CONSUMER, CAR, BUSINESS])
_RATE = np.array([3.05, 4.35, 3.90, 3.45])  # percent a year
_PURPOSES = ("购房", "装修", "购车", "生产经营")
_COLLATERAL = ("房屋抵押", "信用", "车辆抵押", "信用")
_METHODS = ("annuity", "principal", "interest_only")
_STATUS = ("current", "overdue", "settled", "written_off")
_TERMS = np.array([12, 24, 36, 48, 60])  # months; as many of each are lent
_BAD = 0.13  # a part of them only after the last day
_AHEAD = 100  # days of instalments to come

Ints = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Loans:
    """Loans of a chunk; money in cents, `done` is the number of instalments that were paid of a bad one, or a large number."""

    owner: Ints
    kind: Ints
    principal: Ints
    months: Ints
    start_month: Ints  # months since 1970
    day: Ints  # of the month
    method: Ints
    bad: NDArray[np.bool_]
    done: Ints

    @property
    def started(self) -> Ints:
        """Day of disbursement."""
        return due_day(self.start_month, self.day)

    @property
    def ends(self) -> Ints:
        """Day of maturity."""
        return due_day(self.start_month + self.months, self.day)


def due_day(month: Ints, day: Ints) -> Ints:
    """Days since 1970 of a day of a month that is counted since 1970."""
    return np.asarray(month, dtype="datetime64[M]").astype("datetime64[D]").astype(np.int64) + day - 1


def of_people(world: World, chance: Generator, people: People, opened: Ints, stays: NDArray[np.bool_]) -> Loans:
    """Mortgages of those who bought a house, and consumer and car loans."""
    count = len(people.number)
    settled = np.isin(people.stage.astype(str), ["parenting", "midlife"]) & (chance.random(count) < 0.26)
    bought = np.full(count, -1, dtype=np.int64)
    here = (people.event == "house_purchase") & (chance.random(len(people.event)) < 0.6)
    # Whose wish for a house was met has the loan among what was bought for needs, or with another bank.
    here &= ~np.isin(people.event_person, people.need_person[(people.need == "home_purchase") & people.need_met])
    bought[people.event_person[here]] = people.event_on[here] + 20
    earlier = world.first_day - chance.integers(30, 3_600, count)
    began = np.where(bought >= 0, bought, earlier)
    housed = np.flatnonzero(
        stays & ((bought >= 0) | settled) & (began > opened + 30) & (began < world.last_day) & (people.work != "student")
    )
    size = len(housed)
    month, day = _month_and_day(began[housed])
    house = _loans(
        world,
        chance,
        housed,
        np.zeros(size, dtype=np.int64),
        np.round(chance.lognormal(np.log(620_000), 0.5, size) / 10_000) * 10_000,
        chance.choice(np.array([240, 300, 360]), size),
        month,
        day,
        np.where(chance.random(size) < 0.15, 1, 0),
        bad_share=0.008,
    )
    borrowers = np.flatnonzero(stays & (chance.random(count) < 0.24) & np.isin(people.work.astype(str), ["work", "owner", "free"]))
    return _both(
        house, _with_terms(world, chance, borrowers, opened, chance.choice(np.array([1, 1, 1, 2]), len(borrowers)), 85_000.0, 0.78)
    )


def of_companies(world: World, chance: Generator, borrowers: Ints, opened: Ints) -> Loans:
    """Working capital: interest by the month and the whole at the end, or instalments."""
    loans = _with_terms(world, chance, borrowers, opened, np.full(len(borrowers), 3), 600_000.0, 0.8)
    method = np.where((loans.months <= 24) & (loans.owner % 3 > 0), 2, loans.method)
    return Loans(loans.owner, loans.kind, loans.principal, loans.months, loans.start_month, loans.day, method, loans.bad, loans.done)


def open_accounts(world: World, register: Register, loans: Loans) -> int:
    """An account for each loan; what was owed on the first day stands on it."""
    number = np.maximum(_month(world.first_day) - loans.start_month - 1, 0)
    before = loans.started < world.first_day
    paid = np.minimum(np.minimum(number, loans.months), loans.done)
    owed = np.where(before, _owed(loans, paid), 0)
    settled = _settled_on(world, loans)
    return register.add(
        loans.owner, LOAN, _PRODUCT[loans.kind], loans.started,
        closed=np.where((settled >= 0) & (settled < world.last_day), settled + 1, -1), matures=loans.ends, end=owed, limit=loans.principal,
    )  # fmt: skip


def lend(
    world: World, chance: Generator, loans: Loans, at_account: Ints, main: Ints, accounts: Accounts, ids: pa.Array
) -> tuple[list[Entries], pa.Table, pa.Table]:
    """Entries of disbursement and instalments, the loans and the repayments."""
    place = accounts.code[at_account]
    new = (loans.started >= world.first_day) & (loans.started <= world.last_day)
    parts: list[Entries] = move(
        at_account[new],
        main[loans.owner[new]],
        accounts.code,
        at_second(loans.started[new], 17 * 3600),
        loans.principal[new],
        kind=KIND["other"],
        channel=CHANNEL["batch"],
        bank=True,
        own=1,
    )
    first_month, last_month = _month(world.first_day), _month(world.last_day + _AHEAD)
    begin = np.maximum(1, first_month - loans.start_month)
    end = np.minimum(loans.months, last_month - loans.start_month)
    many = np.maximum(end - begin + 1, 0)
    loan = np.repeat(np.arange(len(many)), many)
    number = np.arange(len(loan)) - np.repeat(np.cumsum(many) - many, many) + begin[loan]
    due_on = due_day(loans.start_month[loan] + number, loans.day[loan])
    principal_part = _owed(loans, number - 1, loan) - _owed(loans, number, loan)
    interest = np.round(_owed(loans, number - 1, loan) * _RATE[loans.kind[loan]] / 1200).astype(np.int64)
    amount = principal_part + interest
    dice = chance.random(len(loan))
    delay = np.select([dice < 0.08, dice < 0.86, dice < 0.97], [-chance.integers(1, 6, len(loan)), 0, chance.integers(1, 6, len(loan))],
                      chance.integers(6, 26, len(loan)))  # fmt: skip
    delay = np.maximum(delay, due_day(loans.start_month[loan] + number - 1, loans.day[loan]) + 6 - due_on)
    paid_on = np.maximum(due_on + delay, world.first_day)
    pays = (number <= loans.done[loan]) & (paid_on <= world.last_day)
    partly = (number == loans.done[loan] + 1) & (due_on <= world.last_day)
    by_bank = (delay == 0)[pays]
    shared = {"kind": KIND["repayment"], "bank": by_bank, "channel": np.where(by_bank, CHANNEL["batch"], CHANNEL["mobile"]), "own": 1}
    at = at_second(paid_on[pays], np.where(by_bank, 7 * 3600, 12 * 3600))
    account = at_account[loan[pays]]
    payer = main[loans.owner[loan[pays]]]
    parts.append(entries(payer, at, -amount[pays], other=place[loan[pays]], **shared))
    parts.append(entries(account, at, principal_part[pays], other=accounts.code[payer], **shared))
    names = identifiers("L", (place, 8))
    repayments = pa.table(
        {
            "loan_id": names.take(pa.array(loan)),
            "number": pa.array(number.astype(np.int32)),
            "due_on": days(due_on),
            "due_amount": cents(amount),
            "principal_part": cents(principal_part),
            "paid_on": days(np.where(pays, paid_on, -1)),
            "paid_amount": cents(np.where(pays, amount, np.where(partly, amount // 3, 0))),
        }
    ).filter(pa.array(due_on >= world.first_day))
    return parts, _table(world, loans, place, names, ids), repayments


def _table(world: World, loans: Loans, place: Ints, names: pa.Array, ids: pa.Array) -> pa.Table:
    settled = _settled_on(world, loans)
    over = loans.ends <= world.last_day
    late = loans.bad & (due_day(loans.start_month + loans.done + 1, loans.day) <= world.last_day)
    status = np.where(settled >= 0, 2, np.where(late & over, 3, np.where(late, 1, 0)))
    return pa.table(
        {
            "loan_id": names,
            "customer_id": ids.take(pa.array(loans.owner)),
            "account_id": identifiers("A", (place, 8)),
            "product_code": words(_PRODUCT[loans.kind], PRODUCTS),
            "kind": words(loans.kind, KINDS),
            "principal": cents(loans.principal),
            "currency": words(np.zeros(len(place)), ("CNY",)),
            "rate": rates(_RATE[loans.kind]),
            "started_on": days(loans.started),
            "ends_on": days(loans.ends),
            "method": words(loans.method, _METHODS),
            "status": words(status, _STATUS),
            "purpose": words(loans.kind, _PURPOSES),
            "collateral": words(loans.kind, _COLLATERAL),
            "renewable": pa.array((loans.kind == 3) & ~loans.bad, pa.bool_()),
            "settled_on": days(settled),
        }
    ).filter(pa.array((loans.started <= world.last_day) & (loans.ends >= world.first_day)))


def _settled_on(world: World, loans: Loans) -> Ints:
    whole = loans.done >= loans.months
    last = loans.ends + 25  # the last instalment may have come so late
    return np.where(whole & (last <= world.last_day), last, -1)


def _with_terms(world: World, chance: Generator, borrowers: Ints, opened: Ints, kind: Ints, median: float, spread: float) -> Loans:
    """Loans with any day of their life on the first day: the longer the term, the more of them are running."""
    size = len(borrowers)
    span = world.months + _TERMS
    term = _TERMS[np.searchsorted(np.cumsum(span / span.sum()), chance.random(size), side="right").clip(0, len(_TERMS) - 1)]
    last = _month(world.first_day) + np.floor(chance.random(size) * (world.months + term)).astype(np.int64)
    start = last - term
    day = chance.integers(1, 29, size)
    # A loan begins after the relation. Who came later gets the same loan later, if that is still before the last day.
    began = due_day(start, day)
    fits = (began > opened[borrowers] + 5) & (began < world.last_day)
    yuan = np.round(chance.lognormal(np.log(median), spread, size) / 1000) * 1000
    made = _loans(world, chance, borrowers, kind, np.maximum(yuan, 5_000), term, start, day, np.zeros(size, dtype=np.int64), bad_share=_BAD)
    return _some(made, fits)


def _loans(
    world: World,
    chance: Generator,
    owner: Ints,
    kind: Ints,
    yuan: Any,
    term: Ints,
    start: Ints,
    day: Ints,
    method: Ints,
    *,
    bad_share: float,
) -> Loans:
    bad = chance.random(len(owner)) < bad_share
    now = np.clip(_month(world.last_day) - start - 1, 0, term)
    stops = np.maximum(np.floor(now * chance.uniform(0.3, 1.0, len(owner))).astype(np.int64) - 1, 0)
    done = np.where(bad, np.minimum(stops, term - 1), 10_000)
    return Loans(owner, kind, (np.asarray(yuan) * 100).astype(np.int64), term, start, day, method, bad, done)


def _some(loans: Loans, which: Ints) -> Loans:
    return Loans(*(getattr(loans, name)[which] for name in Loans.__slots__))


def _both(one: Loans, two: Loans) -> Loans:
    return Loans(*(np.concatenate([getattr(one, name), getattr(two, name)]) for name in Loans.__slots__))


def _owed(loans: Loans, paid: Ints, loan: Ints | None = None) -> Ints:
    """Cents of principal after so many instalments."""
    place = np.arange(len(loans.owner)) if loan is None else loan
    total, months, method = loans.principal[place], loans.months[place], loans.method[place]
    rate = 1 + _RATE[loans.kind[place]] / 1200
    annuity = total * (rate**months - rate**paid) / (rate**months - 1)
    level = total * (months - paid) / months
    at_once = np.where(paid >= months, 0, total)
    return np.round(np.choose(method, [annuity, level, at_once])).astype(np.int64)


def _month(day: Any) -> Any:
    return np.asarray(day).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def _month_and_day(day: Ints) -> tuple[Ints, Ints]:
    month = _month(day)
    return month, np.minimum(day - due_day(month, np.ones(len(day), dtype=np.int64)) + 1, 28)
