"""What a company does with its accounts: customers pay in their own rhythm, suppliers, wages and taxes are paid, a loan runs."""

from datetime import timedelta

import numpy as np
from numpy.random import Generator

from sandbox.bank.company import Company
from sandbox.bank.ledger import Account, Entry, Ledger, instant, months_between
from sandbox.bank.names import INDUSTRIES, firm_name


def trade(company: Company, draw: Generator, ledger: Ledger) -> Account:
    """Fill the ledger with a company's business and return the main account."""
    opened = company.opened_at.date()
    main = ledger.open("deposit", "P-001", opened)
    abroad = ledger.open("deposit", "P-001", opened, currency="USD") if company.industry == "外贸" else None
    _collect(company, draw, ledger, main, abroad)
    _suppliers(company, draw, ledger, main)
    _wages_and_taxes(company, draw, ledger, main)
    if company.borrows:
        _loan(company, draw, ledger, main)
    if abroad:
        _exchange(draw, ledger, main, abroad)
    return main


def _collect(company: Company, draw: Generator, ledger: Ledger, main: Account, abroad: Account | None) -> None:
    """Payments come every so many days, some days early or late."""
    for place, payer in enumerate(company.payers):
        account = abroad if abroad and place == 0 else main
        on = ledger.first + timedelta(days=payer.first)
        while on <= ledger.as_of:
            late = int(np.clip(draw.normal(0, 1.5), -3, 4))
            cents = int(payer.amount * draw.uniform(0.9, 1.1) * 100 * (100 / 712 if account is abroad else 1))
            at = instant(on + timedelta(days=late), int(draw.integers(9 * 3600, 17 * 3600)))
            ledger.enter(Entry(at=at, account=account, cents=cents, kind="transfer", channel="web", counterparty=payer.name))
            on += timedelta(days=payer.every)


def _suppliers(company: Company, draw: Generator, ledger: Ledger, main: Account) -> None:
    names = [firm_name(draw, INDUSTRIES[place % len(INDUSTRIES)]) for place in range(6)]
    days = (ledger.as_of - ledger.first).days + 1
    total = int(draw.poisson(company.rate * days / 30))
    amounts = np.clip(draw.lognormal(np.log(company.wealth / 400 + 200), 1.2, total), 10, company.wealth)
    for amount in amounts:
        on = ledger.first + timedelta(days=int(draw.integers(0, days)))
        on -= timedelta(days=max(0, on.weekday() - 4))
        at = instant(on, int(draw.integers(9 * 3600, 17 * 3600 + 1800)))
        name = names[int(draw.integers(len(names)))]
        ledger.enter(Entry(at=at, account=main, cents=-int(amount * 100), kind="transfer", channel="web", counterparty=name))


def _wages_and_taxes(company: Company, draw: Generator, ledger: Ledger, main: Account) -> None:
    wages = int(company.staff * draw.uniform(5_500, 9_000)) * 100
    for month in months_between(ledger.first, ledger.as_of):
        paid = int(wages * draw.uniform(0.97, 1.05))
        at = instant(month.replace(day=10), 10 * 3600)
        ledger.enter(Entry(at=at, account=main, cents=-paid, kind="payroll", channel="web", counterparty="代发工资"))
        at = instant(month.replace(day=15), 11 * 3600)
        ledger.enter(Entry(at=at, account=main, cents=-paid // 8, kind="tax", channel="web", counterparty="云桥税务"))
        at = instant(month.replace(day=5), 3 * 3600)
        ledger.enter(Entry(at=at, account=main, cents=-5_000, kind="fee", channel="batch", initiator="bank"))


def _loan(company: Company, draw: Generator, ledger: Ledger, main: Account) -> None:
    """A working-capital loan of a year that falls due some day within the next twelve months."""
    due = ledger.as_of + timedelta(days=int(draw.integers(10, 360)))
    owed = max(int(company.wealth * draw.uniform(0.2, 0.8)) // 10_000, 5) * 10_000 * 100
    lent = due - timedelta(days=365)
    loan = ledger.open("loan", "P-302", lent, start=-owed if lent < ledger.first else 0, matures_on=due)
    if loan.start == 0:
        at = instant(loan.opened_on, 17 * 3600)
        ledger.move(at, loan, main, owed, kind="other", by="bank")
    for month in months_between(max(lent, ledger.first), ledger.as_of):
        at = instant(month.replace(day=21), 4 * 3600)
        if at > instant(lent, 86_400):
            interest = int(owed * 0.0345 / 12)
            ledger.enter(Entry(at=at, account=main, cents=-interest, kind="interest", channel="batch", initiator="bank"))


def _exchange(draw: Generator, ledger: Ledger, main: Account, abroad: Account) -> None:
    """Once a month some dollars become yuan."""
    for month in months_between(ledger.first, ledger.as_of):
        at = instant(month.replace(day=26), 14 * 3600)
        held = sum(entry.cents for entry in ledger.entries if entry.account is abroad and entry.at < at)
        cents = int(held * draw.uniform(0.5, 0.9))
        if cents <= 0:
            continue
        for account, other, amount in ((abroad, main, -cents), (main, abroad, cents * 712 // 100)):
            ledger.enter(
                Entry(
                    at=at,
                    account=account,
                    cents=amount,
                    kind="exchange",
                    channel="web",
                    counterparty_account=other.id,
                    own=True,
                )
            )
