"""The money of a chunk of persons: accounts, everything that moves on them, holdings and loans."""

from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from sandbox.bank import cast, lending, shops
from sandbox.bank.accounts import CARD, CREDIT_CARD, CURRENT, DEPOSIT, DOLLARS, LARGE_TERM, TERM, Accounts, Register
from sandbox.bank.booked import booked
from sandbox.bank.entries import CHANNEL, KIND, OUTSIDE, Entries, chosen, entries, move
from sandbox.bank.errands import errands
from sandbox.bank.investing import invest
from sandbox.bank.leaving import closings
from sandbox.bank.ledger import at_second, book
from sandbox.bank.population import GRADUAL, SUDDEN, People
from sandbox.bank.routine import card_payments, monthly, routine
from sandbox.bank.spending import by_hand, passing_through
from sandbox.bank.world import DAY, EAST, World, draw
from sandbox.bank.writing import Folder

Ints = NDArray[Any]
_RESTRICTED = 0.002  # of the accounts: nothing may be paid out of them


def money_of_people(world: World, chunk: int, people: People, folder: Folder) -> None:
    """Write accounts, balances, transactions, holdings, loans and repayments of the persons of a chunk."""
    chance = draw(world, chunk, "money")
    count = len(people.number)
    everybody = np.arange(count)
    opened = (people.opened_at + EAST) // DAY
    quiet = people.rate == 0
    left = np.isin(people.churn_shape, (GRADUAL, SUDDEN)) & (people.churn_gone <= world.last_day)
    closes = closings(world, people)
    register = Register(people.number)
    dead = people.died >= 0  # what they had stays until their heirs close the account
    kept = np.where(left & ~dead, 0.02, chance.uniform(0.1, 0.5, count) + 0.3 * (people.wealth > 500_000))
    register.add(everybody, DEPOSIT, CURRENT, opened, closed=closes, end=(people.wealth * kept).astype(np.int64) * 100)
    second = np.flatnonzero((chance.random(count) < 0.22) & ~left)
    second_opened = np.maximum(opened[second], world.last_day - chance.integers(5, 1_500, len(second)))
    register.add(second, DEPOSIT, CURRENT, second_opened, end=(people.wealth[second] * 0.04).astype(np.int64) * 100)
    with_card = np.flatnonzero((people.work != "student") & ~quiet & (chance.random(count) < 0.5))
    register.add(
        with_card,
        CARD,
        CREDIT_CARD,
        opened[with_card],
        closed=closes[with_card],
        limit=np.round(people.income[with_card] * 3 / 1000) * 100_000,
    )
    term = _terms(world, chance, people, opened, left)
    register.add(
        term["owner"], DEPOSIT, term["product"], term["opened"], closed=term["closed"], matures=term["matures"], renews=term["renews"],
        start=np.where(term["opened"] < world.first_day, term["cents"], -1),
    )  # fmt: skip
    abroad = np.zeros(count, dtype=bool)
    abroad[people.need_person[np.isin(people.need.astype(str), ["personal_fx", "study_abroad", "global_allocation"])]] = True
    dollars = np.flatnonzero(abroad | (chance.random(count) < 0.015))
    register.add(
        dollars,
        DEPOSIT,
        DOLLARS,
        opened[dollars],
        closed=closes[dollars],
        end=(people.wealth[dollars] * 0.01).astype(np.int64) * 100,
        dollars=True,
    )
    loans = lending.of_people(world, chance, people, opened, (closes < 0) & ~dead)
    lending.open_accounts(world, register, loans)
    accounts, (main, second_at, card_at, term_at, _, loan_at) = register.close()
    accounts.restriction[chance.random(len(accounts.owner)) < _RESTRICTED] = "debit"
    card = np.full(count, -1)
    card[with_card] = card_at
    mortgaged = np.isin(everybody, loans.owner[loans.kind == 0])

    lent, loan_rows, repayments = lending.lend(world, chance, loans, loan_at, main, accounts, people.ids)
    settled = everybody[(people.number <= cast.NAMED) & (people.wealth > 50_000)] if chunk == 0 else everybody[:0]
    invested, holdings = invest(world, chance, people, main, people.ids, opened, fund_share=0.084, wealth_share=0.019, surely=settled)
    by_itself = [*routine(world, chance, people, main, mortgaged=mortgaged), *lent, *invested]
    by_itself += _saved(world, accounts, main, term, term_at)
    by_cause = [
        *errands(world, chance, people, main),
        *passing_through(world, chance, people, main),
        *_between_own(world, chance, people, accounts, main, second, second_at, left),
    ]
    moved = [chosen(part, ~quiet[accounts.owner[part["account"]]]) for part in by_cause]
    income = np.zeros(count)
    for part in (*by_itself, *moved):
        inside = (part["at"] >= world.begin) & (part["at"] < world.end)
        income += np.bincount(accounts.owner[part["account"][inside]], weights=part["cents"][inside], minlength=count)
    hand = by_hand(world, chance, people, main, card, income)
    parts = [hand, *by_itself, *moved, *card_payments(world, chance, [hand], card, main, accounts.code, by_itself=dead)]
    transactions, balances = book(world, draw(world, chunk, "mess"), accounts, people.opened_at, parts)
    folder.booked[False] = booked(transactions)
    for feed, table in (
        ("accounts", accounts.table(people.ids)),
        ("balances", balances),
        ("holdings", holdings),
        ("transactions", transactions),
        ("loans", loan_rows),
        ("repayments", repayments),
    ):
        folder.add(feed, table)


def _terms(world: World, chance: Generator, people: People, opened: Ints, left: NDArray[np.bool_]) -> dict[str, Ints]:
    """Time deposits of those who can spare the money; some have run out and were renewed or paid."""
    those = np.flatnonzero((people.wealth > 20_000) & ~left & (chance.random(len(left)) < 0.3))
    large = people.wealth[those] > 400_000
    length = np.where(large, 1_096, 365)
    begun = world.last_day - chance.integers(5, length * 5 // 4 + 6)
    fits = begun > opened[those] + 1
    those, large, length, begun = those[fits], large[fits], length[fits], begun[fits]
    share = people.wealth[those] * chance.uniform(0.15, 0.4, len(those))
    yuan = np.maximum(np.floor(share / 1000) * 1000, np.where(large, 200_000, 1_000))
    matures = begun + length
    over = matures < world.last_day
    renews = chance.random(len(those)) < 0.5
    return {
        "owner": those,
        "product": np.where(large, LARGE_TERM, TERM),
        "opened": begun,
        "closed": np.where(over & ~renews, matures + 1, -1),
        "matures": np.where((matures <= world.last_day) & renews, matures + length, matures),
        "renews": renews.astype(np.int64),
        "cents": (yuan * 100).astype(np.int64),
        "interest": np.round(yuan * np.where(large, 1.45 * 3, 1.10)).astype(np.int64),
    }


def _saved(world: World, accounts: Accounts, main: Ints, term: dict[str, Ints], place: Ints) -> list[Entries]:
    new = term["opened"] >= world.first_day
    out = move(main[term["owner"][new]], place[new], accounts.code, at_second(term["opened"][new], 10 * 3600), term["cents"][new], own=1)
    paid = term["closed"] >= 0
    at = at_second(term["closed"][paid] - 1, 9 * 3600)
    batch = {"channel": CHANNEL["batch"], "bank": True}
    back = move(place[paid], main[term["owner"][paid]], accounts.code, at, term["cents"][paid], own=1, kind=KIND["transfer"], **batch)
    interest = entries(main[term["owner"][paid]], at + 60, term["interest"][paid], kind=KIND["interest"], **batch)
    return [*out, *back, interest]


def _between_own(
    world: World, chance: Generator, people: People, accounts: Accounts, main: Ints, second: Ints, second_at: Ints, left: NDArray[np.bool_]
) -> list[Entries]:
    """Money to a second account about the 25th, said to be one's own or not; and to one's own account at another bank."""
    at_place = np.full(len(people.number), -1)
    at_place[second] = second_at
    person, on = monthly(world, chance, second, 25, working_day=False)
    target = at_place[person]
    on = on + chance.integers(-2, 3, len(on))
    late_enough = on > accounts.opened[target]
    person, on, target = person[late_enough], on[late_enough], target[late_enough]
    amount = np.round(chance.uniform(3, 30, len(person))) * 10_000
    inside = move(
        main[person], target, accounts.code, at_second(on, 20 * 3600), amount, own=np.where(people.number[person] % 2 == 0, 1, -1)
    )
    elsewhere = np.flatnonzero((chance.random(len(left)) < 0.07) & ~left)
    person, on = monthly(world, chance, elsewhere, 12, working_day=False)
    outside = entries(
        main[person],
        at_second(on, 21 * 3600),
        -np.round(chance.lognormal(np.log(1_500), 0.7, len(person)) / 100) * 10_000,
        kind=KIND["transfer"],
        party=shops.FIXED_AT["本人他行账户"],
        other=OUTSIDE + 50_000_000 + people.number[person],
        their_bank=2,
        own=np.where(people.number[person] % 2 == 0, 1, -1),
    )
    return [*inside, outside]
