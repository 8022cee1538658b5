"""Accounts through which money is laundered, honest ones that look alike, and ordinary second accounts between which nothing is odd.

All of them are second accounts with balances of their own, so that the account alone gives nobody away.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.random import Generator

from sandbox.bank.arrays import HOUR, Numbers, at, day_of, each, flags, keys, of
from sandbox.bank.cast import PERSONS
from sandbox.bank.columns import cents, days, identifiers, instants, rates, words
from sandbox.bank.names import FIRMS, STRANGERS
from sandbox.bank.population import NO_CHURN, Companies, People
from sandbox.bank.schemes import CASH, HONEST, LAUNDERING, NOBODY, PAYROLL, PURCHASE, TRANSFER, Pattern, Scheme
from sandbox.bank.world import World, draw
from sandbox.bank.writing import Folder

_CASES, _LOOK_ALIKES, _ORDINARY = 0.004, 0.006, 0.05  # of the persons
_LEAST_MONTHS = 4
_KINDS = ("transfer", "cash", "payroll", "purchase")
_FIRST_STRANGER = 1_000_000  # accounts of other banks are numbered from here


@dataclass(frozen=True, slots=True)
class _Cases:
    """The accounts in use (`person` whose, `opened` when) and all payments between them; a party below zero is outside."""

    person: Numbers
    opened: Numbers
    case: Numbers  # of the account; -1 is an ordinary one
    role: list[str]
    names: list[str]  # of the cases: the typology
    payer: Numbers
    payee: Numbers
    moment: Numbers
    amount: Numbers
    kind: Numbers
    country: list[str]  # one a payment, '' at home
    payment_case: Numbers


def laundering(people: People, companies: Companies, world: World, folder: Folder) -> None:  # noqa: ARG001  all feeds are called alike
    """Write the accounts, their entries, the transfers with the alerts that a bank would have raised later, and the truth."""
    count = len(people.number)
    if count < 20 or world.months < _LEAST_MONTHS:
        return
    dice = draw(world, int(people.number[0]), "laundering")
    opened = (people.opened_at + 8 * HOUR) // 86_400
    steady = (people.churn_shape == NO_CHURN) & (people.number > max(PERSONS)) & (people.same_as < 0) & (people.age >= 20)
    free = dice.permutation(np.flatnonzero(steady & (opened <= world.last_day - 250)))
    cases = _draw_cases(dice, world, free, opened)
    if len(cases.person):
        _write(people, cases, world, dice, folder)


def _draw_cases(dice: Generator, world: World, free: Numbers, opened: Numbers) -> _Cases:
    size = len(free) / 0.55  # about so many persons the chunk has
    wanted = [(pattern, True) for pattern in _in_turn(dice, LAUNDERING, max(2, round(_CASES * size)))]
    wanted += [(pattern, False) for pattern in _in_turn(dice, HONEST, max(2, round(_LOOK_ALIKES * size)))]
    person: list[Numbers] = []
    account_open: list[Numbers] = []
    account_case: list[Numbers] = []
    roles: list[str] = []
    names: list[str] = []
    schemes: list[Scheme] = []
    used = 0
    for (name, build, least, most), bad in wanted:
        accounts = int(dice.integers(least, most + 1))
        if used + accounts > len(free):
            break
        who = free[used : used + accounts]
        # Payments may follow for a month after the first day, and look-alikes reach back a season.
        day = world.last_day - int(dice.integers(35, max(36, min(world.days - 120, 240))))
        scheme = build(dice, day, accounts)
        begin = int(day_of(scheme.moment.min()))
        young = name == "mule"
        back = dice.integers(3, 25, accounts) if young else dice.integers(30, 200, accounts)
        since = np.maximum(opened[who], np.minimum(world.first_day - 400, begin) if name == "dormant_awake" else begin - back)
        person.append(who)
        account_open.append(np.minimum(since, begin))
        account_case.append(np.full(accounts, len(names)))
        roles += list(scheme.roles)
        names.append(name if bad else "hard_negative")
        schemes.append(_shifted(scheme, used))
        used += accounts
    ordinary = free[used : used + int(_ORDINARY * size)]
    person.append(ordinary)
    account_open.append(np.maximum(opened[ordinary], world.first_day - dice.integers(0, 400, len(ordinary))))
    account_case.append(np.full(len(ordinary), -1))
    roles += [""] * len(ordinary)
    plain = _ordinary(dice, world, used, account_open[-1])
    parts = [*schemes, plain]
    kinds = [np.broadcast_to(np.asarray(scheme.kind), scheme.cents.shape) for scheme in parts]
    moment = np.concatenate([scheme.moment for scheme in parts]).astype(np.int64)
    kept = (moment >= world.begin) & (moment < world.end)
    country = [scheme.country if payee < -400_000 else "" for scheme in parts for payee in scheme.payee.tolist()]
    return _Cases(
        person=np.concatenate(person).astype(np.int64),
        opened=np.concatenate(account_open).astype(np.int64),
        case=np.concatenate(account_case).astype(np.int64),
        role=roles,
        names=names,
        payer=np.concatenate([scheme.payer for scheme in parts]).astype(np.int64)[kept],
        payee=np.concatenate([scheme.payee for scheme in parts]).astype(np.int64)[kept],
        moment=moment[kept],
        amount=np.concatenate([scheme.cents for scheme in parts]).astype(np.int64)[kept],
        kind=np.concatenate(kinds).astype(np.int64)[kept],
        country=[word for word, inside in zip(country, kept.tolist(), strict=True) if inside],
        payment_case=np.concatenate(
            [np.full(len(scheme.cents), place if place < len(schemes) else -1) for place, scheme in enumerate(parts)]
        )[kept],
    )


def _in_turn(dice: Generator, patterns: tuple[Pattern, ...], count: int) -> list[Pattern]:
    """All patterns in turn, from a place that chance says, so that many chunks hold all of them alike."""
    begin = int(dice.integers(0, len(patterns)))
    return [patterns[(begin + place) % len(patterns)] for place in range(count)]


def _shifted(scheme: Scheme, by: int) -> Scheme:
    """The same with accounts that count from `by`."""
    return Scheme(
        roles=scheme.roles,
        payer=np.where(scheme.payer >= 0, scheme.payer + by, scheme.payer),
        payee=np.where(scheme.payee >= 0, scheme.payee + by, scheme.payee),
        moment=scheme.moment,
        cents=scheme.cents,
        kind=scheme.kind,
        country=scheme.country,
    )


def _ordinary(dice: Generator, world: World, first: int, opened: Numbers) -> Scheme:
    """Rent, pocket money, a loan to a friend: now and then, among each other and with others; a little cash."""
    begin = np.maximum(opened, world.first_day)
    number = dice.poisson(np.maximum(0, world.last_day - begin) / 30 * 1.6)
    owner = each(number)
    day = begin[owner] + (dice.random(len(owner)) * (world.last_day - begin[owner])).astype(np.int64)
    inward = dice.random(len(owner)) < 0.5
    other = np.where(
        dice.random(len(owner)) < 0.3, dice.integers(0, max(1, len(opened)), len(owner)), -1 - dice.integers(0, 9_000, len(owner))
    )
    other = np.where(other == owner, -1, other)
    other = np.where((other >= 0) & (opened[np.maximum(other, 0)] > day), -2, other)
    other = np.where(other >= 0, other + first, other)
    cash = dice.random(len(owner)) < 0.06
    other = np.where(cash, NOBODY, other)
    return Scheme(
        roles=(),
        payer=np.where(inward, other, owner + first),
        payee=np.where(inward, owner + first, other),
        moment=at(day, dice.normal(14.5, 4.0, len(owner)).clip(0.1, 23.8) * HOUR),
        cents=np.exp(dice.normal(11.5, 1.3, len(owner))).astype(np.int64) + 100,
        kind=np.where(cash, CASH, TRANSFER),
    )


def _write(people: People, cases: _Cases, world: World, dice: Generator, folder: Folder) -> None:
    chunk = int(people.number[0])
    own = identifiers("A", (people.number[cases.person], 6), (np.full(len(cases.person), 91), 2))
    holders = of(people.ids, cases.person)
    folder.add(
        "accounts",
        pa.table(
            {
                "account_id": own,
                "customer_id": holders,
                "kind": words(np.zeros(len(own), dtype=np.int64), ("deposit",)),
                "product_code": words(np.zeros(len(own), dtype=np.int64), ("P-001",)),
                "currency": words(np.zeros(len(own), dtype=np.int64), ("CNY",)),
                "opened_on": days(cases.opened),
            }
        ),
    )
    _entries(cases, world, dice, chunk, own, folder)
    _transfers(cases, chunk, own, folder)
    _truth(cases, chunk, own, folder)
    _ceilings(holders, cases, folder)


def _party(own: pa.Array, party: Numbers) -> pa.Array:
    """Account numbers of parties inside and outside; cash has none."""
    mine = of(own, np.maximum(party, 0)).to_numpy(zero_copy_only=False)
    theirs = identifiers("Z", (_FIRST_STRANGER - party, 8)).to_numpy(zero_copy_only=False)
    return pa.array(np.where(party >= 0, mine, np.where(party == NOBODY, None, theirs)), pa.string())


def _entries(cases: _Cases, world: World, dice: Generator, chunk: int, own: pa.Array, folder: Folder) -> None:
    """Each payment is an entry of every account of the bank that takes part."""
    pays, gets = np.flatnonzero(cases.payer >= 0), np.flatnonzero(cases.payee >= 0)
    payment = np.concatenate([pays, gets])
    account = np.concatenate([cases.payer[pays], cases.payee[gets]])
    other = np.concatenate([cases.payee[pays], cases.payer[gets]])
    signed = np.concatenate([-cases.amount[pays], cases.amount[gets]])
    order = np.lexsort((cases.moment[payment], account))
    payment, account, other, signed = payment[order], account[order], other[order], signed[order]
    moment, kind = cases.moment[payment], cases.kind[payment]
    start = _balances(cases, world, own, account, moment, signed, dice, folder)
    assert (start >= 0).all()
    counter = np.where(kind == CASH, np.where(signed > 0, 0, 1), np.where(kind == PAYROLL, 3, 2))
    names = (*STRANGERS, *FIRMS)
    name = np.where(kind == PURCHASE, len(STRANGERS) + (-other) % len(FIRMS), (-other) % len(STRANGERS))
    countries = sorted({"", *cases.country})
    place = np.array([countries.index(word) for word in cases.country], dtype=np.int64)[payment]
    folder.add(
        "transactions",
        pa.table(
            {
                "transaction_id": keys("TX", chunk, len(payment)),
                "account_id": of(own, account),
                "at": instants(moment),
                "amount": cents(signed),
                "currency": words(np.zeros(len(payment), dtype=np.int64), ("CNY",)),
                "initiator": words((kind == PAYROLL).astype(np.int64), ("customer", "bank")),
                "kind": words(kind, _KINDS),
                "channel": words(counter, ("counter", "atm", "mobile", "batch")),
                "counterparty": words(np.where(kind == CASH, -1, name), names),
                "counterparty_account": _party(own, other),
                "country": words(np.where(place == 0, -1, place), countries),
            }
        ),
    )


def _balances(
    cases: _Cases, world: World, own: pa.Array, account: Numbers, moment: Numbers, signed: Numbers, dice: Generator, folder: Folder
) -> Numbers:
    """Write the balance at each day's end, from a start that carries all entries; says what is left at the lowest point."""
    number = np.bincount(account, minlength=len(own))
    begin = np.cumsum(number) - number
    total = np.cumsum(signed)
    before = np.where(number > 0, total[np.minimum(begin, len(total) - 1)] - signed[np.minimum(begin, len(total) - 1)], 0)
    run = total - before[account]
    lowest = np.zeros(len(own), dtype=np.int64)
    np.minimum.at(lowest, account, run)
    start = dice.integers(0, 90_000, len(own)) - lowest
    day = day_of(moment)
    last = np.ones(len(account), dtype=bool)
    last[:-1] = (account[1:] != account[:-1]) | (day[1:] != day[:-1])
    # An account that is older than the files begins with a balance, a younger one with what was paid in at the desk.
    eve = np.maximum(cases.opened, world.first_day) - (cases.opened < world.first_day)
    first_day = np.full(len(own), world.last_day + 1)
    np.minimum.at(first_day, account, day)
    opens = np.flatnonzero(eve < first_day)
    who = np.concatenate([opens, account[last]])
    when = np.concatenate([eve[opens], day[last]])
    what = np.concatenate([start[opens], (start[account] + run)[last]])
    folder.add("balances", pa.table({"account_id": of(own, who), "on": days(when), "balance": cents(what)}))
    return start + lowest


def _transfers(cases: _Cases, chunk: int, own: pa.Array, folder: Folder) -> None:
    moved = np.flatnonzero(cases.kind != CASH)
    moved = moved[np.argsort(cases.moment[moved], kind="stable")]
    case = cases.payment_case[moved]
    bad = np.array([name != "hard_negative" for name in cases.names], dtype=bool)
    alert = (case >= 0) & bad[np.maximum(case, 0)] if len(bad) else np.zeros(len(moved), dtype=bool)
    folder.add(
        "transfers",
        pa.table(
            {
                "transfer_id": keys("X", chunk, len(moved)),
                "from_account": _party(own, cases.payer[moved]),
                "to_account": _party(own, cases.payee[moved]),
                "at": instants(cases.moment[moved]),
                "amount": cents(cases.amount[moved]),
                "currency": words(np.zeros(len(moved), dtype=np.int64), ("CNY",)),
                "alert": flags(alert),
                "alert_kind": words(np.where(alert, case, -1), cases.names),
            }
        ),
    )


def _case_percent() -> float:
    """Of all accounts on which something looks odd, how many take part in laundering: the look-alikes are made to look the same."""
    bad, good = (
        cases * sum(least + most for _, _, least, most in patterns) / len(patterns)
        for cases, patterns in ((_CASES, LAUNDERING), (_LOOK_ALIKES, HONEST))
    )
    return 100 * bad / (bad + good)


def _ceilings(holders: pa.Array, cases: _Cases, folder: Folder) -> None:
    odd = holders.filter(pa.array(cases.case >= 0))
    target, percent = words(np.zeros(len(odd), dtype=np.int64), ("case",)), rates(np.full(len(odd), _case_percent()))
    folder.add("ceilings", pa.table({"customer_id": odd, "target": target, "percent": percent}), truth=True)


def _truth(cases: _Cases, chunk: int, own: pa.Array, folder: Folder) -> None:
    account = np.flatnonzero(cases.case >= 0)
    case = cases.case[account]
    day = day_of(cases.moment)
    first, last = np.full(len(cases.names), np.iinfo(np.int64).max), np.full(len(cases.names), -1)
    told = cases.payment_case >= 0
    np.minimum.at(first, cases.payment_case[told], day[told])
    np.maximum.at(last, cases.payment_case[told], day[told])
    folder.add(
        "cases",
        pa.table(
            {
                "case_id": identifiers("AML", (np.full(len(case), chunk), 6), (case + 1, 4)),
                "account_id": of(own, account),
                "typology": words(case, cases.names),
                "role": pa.array([cases.role[place] or None for place in account.tolist()], pa.string()),
                "since": days(first[case]),
                "until": days(last[case] + 1),
            }
        ),
        truth=True,
    )
