"""What companies do with their accounts: customers pay in their own rhythm, wages and taxes are paid, dollars come."""

from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from sandbox.bank import lending, shops
from sandbox.bank.accounts import CURRENT, DEPOSIT, DOLLARS, Register
from sandbox.bank.booked import booked
from sandbox.bank.entries import CHANNEL, KIND, OUTSIDE, Entries, chosen, entries, move
from sandbox.bank.investing import invest
from sandbox.bank.leaving import closings
from sandbox.bank.ledger import at_second, book
from sandbox.bank.population import GRADUAL, SUDDEN, Companies
from sandbox.bank.routine import monthly
from sandbox.bank.spending import local_day
from sandbox.bank.world import DAY, EAST, World, draw
from sandbox.bank.writing import Folder

Ints = NDArray[Any]
_WEB = {"kind": KIND["transfer"], "channel": CHANNEL["web"]}


def money_of_companies(world: World, chunk: int, firms: Companies, folder: Folder) -> None:
    """Write accounts, balances, transactions, holdings, loans and repayments of the companies of a chunk."""
    chance = draw(world, chunk, "company money")
    count = len(firms.number)
    everybody = np.arange(count)
    opened = (firms.opened_at + EAST) // DAY
    left = np.isin(firms.churn_shape, (GRADUAL, SUDDEN)) & (firms.churn_gone <= world.last_day)
    register = Register(firms.number)
    closes = closings(world, firms)
    register.add(everybody, DEPOSIT, CURRENT, opened, closed=closes, end=(firms.wealth * np.where(left, 0.03, 0.4)).astype(np.int64) * 100)
    traders = np.flatnonzero(firms.trades)
    register.add(
        traders,
        DEPOSIT,
        DOLLARS,
        opened[traders],
        closed=closes[traders],
        end=(firms.wealth[traders] * 0.01).astype(np.int64) * 100,
        dollars=True,
    )
    loans = lending.of_companies(world, chance, np.flatnonzero(firms.borrows & (closes < 0)), opened)
    lending.open_accounts(world, register, loans)
    accounts, (main, dollars_at, loan_at) = register.close()
    abroad = np.full(count, -1)
    abroad[traders] = dollars_at
    lent, loan_rows, repayments = lending.lend(world, chance, loans, loan_at, main, accounts, firms.ids)
    invested, holdings = invest(world, chance, firms, main, firms.ids, opened, fund_share=0.04, wealth_share=0.15, surely=everybody[:0])
    trade = [
        _between(world, chance, firms, main, accounts.code),
        _collected(world, chance, firms, main),
        _paid(world, chance, firms, main),
        *_by_month(world, chance, firms, main),
        *_dollars(world, chance, firms, main, abroad, accounts.code),
        *_away(world, firms, main),
    ]
    parts = [*(_still_here(firms, accounts.owner, part) for part in trade), *lent, *invested]
    transactions, balances = book(world, draw(world, chunk, "company mess"), accounts, firms.opened_at, parts)
    folder.booked[True] = booked(transactions)
    for feed, table in (
        ("accounts", accounts.table(firms.ids)),
        ("balances", balances),
        ("holdings", holdings),
        ("transactions", transactions),
        ("loans", loan_rows),
        ("repayments", repayments),
    ):
        folder.add(feed, table)


def _activity(world: World, firms: Companies, company: Ints, on: Ints) -> NDArray[Any]:
    week = np.clip((on - world.first_day) // 7, 0, world.weeks - 1)
    return np.asarray(firms.activity[company, week])


def _between(world: World, chance: Generator, firms: Companies, main: Ints, codes: Ints) -> Entries:
    """Trade among customers: both sides of a payment."""
    link, on = monthly(world, chance, np.arange(len(firms.link_day)), firms.link_day)
    jitter = np.round(chance.normal(0, 6, len(link)) * (1 - firms.link_regularity[link])).astype(np.int64)
    on = on + jitter
    buyer, supplier = firms.link_buyer[link], firms.link_supplier[link]
    yuan = firms.link_volume[link] * chance.uniform(0.85, 1.15, len(link)) * _activity(world, firms, buyer, on)
    amount = np.maximum(np.round(yuan), 100) * 100
    at = at_second(on, chance.integers(9 * 3600, 17 * 3600, len(link)))
    pays = chance.random(len(link)) < 0.97
    left = np.isin(firms.churn_shape, (GRADUAL, SUDDEN))
    gone = np.where(left, firms.churn_gone, world.last_day + 1)
    opened = (firms.opened_at + EAST) // DAY
    # A payment has two sides: neither is here without the other.
    pays &= (on > np.maximum(opened[buyer], opened[supplier])) & (on < np.minimum(gone[buyer], gone[supplier]))
    paid, got = move(main[buyer], main[supplier], codes, at, amount, memo=shops.MEMO["货款"], **_WEB)
    return {name: np.concatenate([paid[name][pays], got[name][pays]]) for name in paid}


def _collected(world: World, chance: Generator, firms: Companies, main: Ints) -> Entries:
    """Customers that bank elsewhere pay every so many days, some days early or late."""
    payers = 1 + chance.integers(1, 5, len(firms.number))
    company = np.repeat(np.arange(len(firms.number)), payers)
    every = chance.choice(np.array([15, 30, 30, 45, 60]), len(company))
    name = shops.FIRM_BEGIN + chance.integers(0, shops.FIRM_COUNT, len(company))
    times = world.days // every + 1
    payer = np.repeat(np.arange(len(company)), times)
    turn = np.arange(len(payer)) - np.repeat(np.cumsum(times) - times, times)
    late = np.clip(np.round(chance.normal(0, 1.5, len(payer))), -3, 6).astype(np.int64)
    on = world.first_day + chance.integers(0, 30, len(company))[payer] + turn * every[payer] + late
    who = company[payer]
    yuan = firms.revenue[who] / 365 * every[payer] / payers[who] * chance.uniform(0.7, 1.1, len(payer)) * _activity(world, firms, who, on)
    return entries(
        main[who],
        at_second(on, chance.integers(9 * 3600, 17 * 3600, len(payer))),
        np.round(yuan) * 100,
        party=name[payer],
        other=OUTSIDE + 20_000_000 + name[payer],
        their_bank=name[payer] % len(shops.BANKS),
        memo=shops.MEMO["货款"],
        **_WEB,
    )


def _paid(world: World, chance: Generator, firms: Companies, main: Ints) -> Entries:
    counts = chance.poisson(firms.rate[:, None] * (7 / 30.44) * firms.activity)
    company = np.repeat(np.arange(len(firms.number)), counts.sum(axis=1))
    week = np.repeat(np.tile(np.arange(world.weeks), len(firms.number)), counts.ravel())
    start = world.first_day + week * 7
    # Offices work from Monday to Friday; 1 January 1970 was a Thursday.
    on = start + (chance.random(len(week)) * 7).astype(np.int64)
    on = on - np.maximum((on + 3) % 7 - 4, 0)
    typical = firms.revenue / 12 * 0.55 / np.maximum(firms.rate, 1)
    yuan = np.clip(typical[company] * chance.lognormal(-0.5, 1.0, len(week)), 10, firms.revenue[company] / 4)
    supplier = shops.FIRM_BEGIN + (firms.number[company] * 17 + (chance.random(len(week)) * 9).astype(np.int64) * 5) % shops.FIRM_COUNT
    return entries(
        main[company],
        at_second(on, chance.integers(9 * 3600, 17 * 3600 + 1800, len(week))),
        -np.round(yuan * 100),
        party=supplier,
        other=OUTSIDE + 20_000_000 + supplier,
        their_bank=supplier % len(shops.BANKS),
        memo=np.where(chance.random(len(week)) < 0.4, shops.MEMO["货款"], -1),
        **_WEB,
    )


def _by_month(world: World, chance: Generator, firms: Companies, main: Ints) -> list[Entries]:
    """Wages on the 10th, taxes on the 15th, fees on the 5th; shops get the takings of the payment platforms each week."""
    everybody = np.arange(len(firms.number))
    wages = firms.employees * chance.uniform(5_500, 9_000, len(everybody))
    parts = []
    for day, share, kind, party, by_bank in (
        (10, 1.0, "payroll", "代发工资", False),
        (15, 0.125, "tax", "", False),
        (5, 0.0, "fee", "", True),
    ):
        company, on = monthly(world, chance, everybody, day)
        yuan = np.where(share > 0, wages[company] * share * chance.uniform(0.97, 1.05, len(company)), 50)
        taxes = shops.SHOP_BEGIN[shops.PLACE["taxes"]]
        parts.append(
            entries(
                main[company],
                at_second(on, 3 * 3600 if by_bank else 10 * 3600),
                -np.round(yuan * 100),
                kind=KIND[kind],
                channel=CHANNEL["batch"] if by_bank else CHANNEL["web"],
                bank=by_bank,
                party=shops.FIXED_AT[party] if party else (taxes if kind == "tax" else -1),
            )
        )
    shop = np.flatnonzero(np.isin(firms.industry.astype(str), ["餐饮", "小微商贸"]))
    company, week = np.repeat(shop, world.weeks), np.tile(np.arange(world.weeks), len(shop))
    on = world.first_day + week * 7 + 1
    yuan = firms.revenue[company] / 52 * 0.4 * chance.uniform(0.7, 1.3, len(company)) * firms.activity[company, week]
    parts.append(
        entries(
            main[company],
            at_second(on, 2 * 3600),
            np.round(yuan) * 100,
            kind=KIND["payment"],
            channel=CHANNEL["third_party"],
            bank=True,
            party=shops.FIXED_AT["平台结算"],
        )
    )
    return parts


def _dollars(world: World, chance: Generator, firms: Companies, main: Ints, abroad: Ints, codes: Ints) -> list[Entries]:
    """Dollars from abroad become yuan some days later; some suppliers are abroad, too."""
    traders = np.flatnonzero(firms.trades)
    counts = chance.poisson(chance.uniform(1.0, 4.0, len(traders))[:, None] * np.ones(world.months) / 1.0)
    company = np.repeat(traders, counts.sum(axis=1))
    month = np.repeat(np.tile(np.arange(world.months), len(traders)), counts.ravel())
    on = world.month_starts[month].astype(np.int64) + chance.integers(0, 28, len(month))
    cents = np.round(firms.revenue[company] / 12 * 0.3 / 7.12 * chance.lognormal(-0.4, 0.6, len(month))) * 100
    cents = np.where(_activity(world, firms, company, on) > 0, np.maximum(cents, 10_000), 0)
    country = (firms.number[company] + (chance.random(len(month)) * 3).astype(np.int64) * 5) % len(shops.COUNTRIES)
    foreign = {"party": shops.FIXED_AT["境外汇款"], "country": country}
    second = chance.integers(9 * 3600, 17 * 3600, len(month))
    came = entries(abroad[company], at_second(on, second), cents, **foreign, **_WEB)
    sold = np.round(cents * chance.uniform(0.5, 0.95, len(month)))
    later = on + chance.integers(1, 20, len(month))
    inside = later <= world.last_day
    rate = world.usd[np.clip(later - world.first_day, 0, world.days - 1)]
    at = at_second(later, 14 * 3600)
    exchange = {"kind": KIND["exchange"], "channel": CHANNEL["web"], "own": 1}
    away = entries(abroad[company], at, -sold, other=codes[main[company]], **exchange)
    here = entries(main[company], at, np.floor(sold * rate / 10_000), other=codes[abroad[company]], **exchange)
    buys = np.flatnonzero(chance.random(len(month)) < 0.2)
    spent = entries(
        abroad[company[buys]], at_second(on[buys] + 3, 15 * 3600), -np.round(cents[buys] * 0.3), party=foreign["party"],
        country=country[buys], **_WEB,
    )  # fmt: skip
    return [came, chosen(away, inside), chosen(here, inside), spent]


def _away(world: World, firms: Companies, main: Ints) -> list[Entries]:
    """Who leaves takes the money along."""
    leaving = np.flatnonzero(np.isin(firms.churn_shape, (GRADUAL, SUDDEN)) & (firms.churn_since <= world.last_day))
    company = np.repeat(leaving, 2)
    length = np.maximum(firms.churn_gone[company] - firms.churn_since[company], 1)
    on = firms.churn_since[company] + (np.tile([0.5, 0.95], len(leaving)) * length).astype(np.int64)
    amount = -np.round(firms.wealth[company] * 0.35) * 100
    other = OUTSIDE + 50_000_000 + firms.number[company]
    return [entries(main[company], at_second(on, 11 * 3600), amount, party=shops.FIXED_AT["本人他行账户"], other=other, **_WEB)]


def _still_here(firms: Companies, owner: Ints, part: Entries) -> Entries:
    """After a company has left, nothing of its business comes any more."""
    company = owner[part["account"]]
    left = np.isin(firms.churn_shape[company], (GRADUAL, SUDDEN)) & (local_day(part["at"]) >= np.maximum(firms.churn_gone[company], 1))
    return chosen(part, ~left | (part["kind"] == KIND["fee"]))
