"""What a person does with their accounts: payments and transfers by hand, salary, card, mortgage, savings.

Counts are negative-binomial (a rate of one's own, varying by month), amounts log-normal, hours and days of the month shaped as on
public data of two banks. Rows that nobody caused by hand (salary, interest, fees, instalments) are the bank's.
"""

from datetime import date, timedelta

import numpy as np
from numpy.random import Generator

from sandbox.bank.ledger import Account, Entry, Ledger, instant, months_between
from sandbox.bank.names import SHOPS, person_name
from sandbox.bank.person import Person

# Shares of the hours of a day: little before six, peaks before noon and towards the evening.
_HOURS = np.array([1.2, 0.4, 0.2, 0.2, 0.2, 0.4, 1.5, 4.0, 5.5, 6.0, 6.6, 6.8, 6.6, 6.2, 5.4, 5.4, 5.8, 6.4, 6.6, 6.4, 6.0, 5.4, 4.2, 2.6])
_HOURS = _HOURS / _HOURS.sum()
_PAYDAYS = (1, 10, 15, 20, 21)
_RETAIL = 2_000_00  # cents; above this people transfer rather than pay


def live(person: Person, draw: Generator, ledger: Ledger, *, stops_on: date | None) -> Account:
    """Fill the ledger with a person's life and return the main account. After `stops_on` nothing is done by hand."""
    opened = person.opened_at.date()
    main = ledger.open("deposit", "P-001", opened)
    card = ledger.open("card", "P-201", opened) if person.work != "student" and draw.random() < 0.5 else None
    _by_hand(person, draw, ledger, main, card, stops_on)
    if card:
        _repay_card(ledger, main, card)
    _salary(person, draw, ledger, main)
    if draw.random() < 0.4:
        _monthly(ledger, main, 5, -200, kind="fee")
    if person.stage in ("育儿", "中年") and draw.random() < 0.3:
        _mortgage(draw, ledger, main)
    if person.wealth > 20_000 and draw.random() < 0.5:
        _save(person, draw, ledger, main)
    return main


def _by_hand(person: Person, draw: Generator, ledger: Ledger, main: Account, card: Account | None, stops_on: date | None) -> None:
    until = min(ledger.as_of, stops_on) if stops_on else ledger.as_of
    days = (until - ledger.first).days + 1
    if days <= 0 or person.rate == 0:
        return
    months = -(-days // 30)
    pace = person.rate * draw.gamma(3.0, 1 / 3.0, months)
    counts = draw.poisson(pace * np.minimum(30, days - 30 * np.arange(months)) / 30)
    total = int(counts.sum())
    offsets = np.minimum(np.repeat(np.arange(months) * 30, counts) + draw.integers(0, 30, total), days - 1)
    seconds = draw.choice(24, total, p=_HOURS) * 3600 + draw.integers(0, 3600, total)
    into = draw.random(total) < 0.22
    largest = person.wealth * 0.3 + 500
    out = np.clip(draw.lognormal(4.1, 2.3, total), 0.5, largest)
    inward = np.clip(draw.lognormal(6.9, 1.8, total), 0.01, largest)
    cents = np.where(into, inward * 100, -out * 100).astype(np.int64)
    dice = draw.random((3, total))
    friends = [person_name(draw, male=bool(place % 2)) for place in range(5)]
    for place in range(total):
        at = instant(ledger.first + timedelta(days=int(offsets[place])), int(seconds[place]))
        amount, die = int(cents[place]), dice[:, place]
        if amount > -_RETAIL and not into[place]:
            on_card = card is not None and die[0] < 0.35
            entry = Entry(
                at=at,
                account=card if card is not None and on_card else main,
                cents=amount,
                kind="payment",
                channel=_pick(("third_party", "third_party", "pos", "mobile"), die[1]),
                counterparty=_pick(SHOPS, die[2]),
            )
        else:
            cash = die[0] < 0.08
            entry = Entry(
                at=at,
                account=main,
                cents=amount,
                kind="cash" if cash else "transfer",
                channel="atm" if cash else _pick(("mobile", "mobile", "mobile", "web", "counter"), die[1]),
                counterparty=None if cash else _pick(tuple(friends), die[2]),
            )
        if ledger.enter(entry) and entry.kind == "payment" and die[2] < 0.004:
            back = at + int(3600 * (2 + 60 * die[1]))
            ledger.enter(
                Entry(
                    at=back,
                    account=entry.account,
                    cents=-amount,
                    kind="payment",
                    channel=entry.channel,
                    counterparty=entry.counterparty,
                    reverses=entry,
                )
            )


def _repay_card(ledger: Ledger, main: Account, card: Account) -> None:
    """On the 20th the card is paid for what stood on it the day before."""
    for month in months_between(ledger.first, ledger.as_of):
        at = instant(month.replace(day=20), 9 * 3600)
        owed = -sum(entry.cents for entry in ledger.entries if entry.account is card and entry.at < at)
        if owed > 0:
            ledger.move(at, main, card, owed, kind="repayment")


def _salary(person: Person, draw: Generator, ledger: Ledger, main: Account) -> None:
    if person.work == "work" and draw.random() < 0.8:
        pay = int(draw.lognormal(8.95, 0.45)) * 100
        _monthly(ledger, main, int(draw.choice(_PAYDAYS)), pay, kind="payroll", counterparty="代发工资", spread=draw)
    elif person.work == "retired":
        pay = int(max(2_000.0, float(draw.normal(5_500, 900)))) * 100
        _monthly(ledger, main, 15, pay, kind="pension", counterparty="养老金")


def _monthly(
    ledger: Ledger, account: Account, day: int, cents: int, *, kind: str, counterparty: str | None = None, spread: Generator | None = None
) -> None:
    """Book on a day of each month, on the Friday before where that is a weekend, by the bank."""
    for month in months_between(ledger.first, ledger.as_of):
        on = month.replace(day=day)
        on -= timedelta(days=max(0, on.weekday() - 4))
        amount = int(cents * spread.uniform(0.95, 1.08)) if spread else cents
        ledger.enter(
            Entry(
                at=instant(on, 6 * 3600),
                account=account,
                cents=amount,
                kind=kind,
                channel="batch",
                initiator="bank",
                counterparty=counterparty,
            )
        )


def _mortgage(draw: Generator, ledger: Ledger, main: Account) -> None:
    owed = int(draw.uniform(300_000, 1_500_000)) * 100
    instalment = owed // 260
    began = ledger.first - timedelta(days=int(draw.integers(100, 2500)))
    loan = ledger.open("loan", "P-301", began, start=-owed, matures_on=began + timedelta(days=365 * 25))
    if loan.opened_on >= ledger.first:
        return  # a customer of yesterday brings the loan, and pays from next month on
    for month in months_between(ledger.first, ledger.as_of):
        at = instant(month.replace(day=20), 7 * 3600)
        ledger.move(at, main, loan, instalment, kind="repayment", by="bank")


def _save(person: Person, draw: Generator, ledger: Ledger, main: Account) -> None:
    """A time deposit, moved from the main account, or a second account for daily use that money goes to and fro."""
    on = ledger.as_of - timedelta(days=int(draw.integers(5, 420)))
    if draw.random() < 0.6:
        product, days = ("P-102", 1096) if person.wealth > 400_000 else ("P-101", 365)
        cents = max(int(person.wealth * draw.uniform(0.15, 0.4)), 200_000 if product == "P-102" else 50) * 100
        if on < ledger.first:
            ledger.open("deposit", product, on, start=cents, matures_on=on + timedelta(days=days))
            return
        term = ledger.open("deposit", product, on, matures_on=on + timedelta(days=days))
        ledger.move(max(instant(term.opened_on, 10 * 3600), int(ledger.opened.timestamp()) + 600), main, term, cents)
        return
    second = ledger.open("deposit", "P-001", on)
    for month in months_between(max(on, ledger.first), ledger.as_of):
        cents = int(draw.uniform(300, 3_000)) * 100
        flagged = bool(draw.random() < 0.5)
        ledger.move(instant(month.replace(day=25), 20 * 3600), main, second, cents, flagged=flagged)


def _pick(options: tuple[str, ...], die: float) -> str:
    return options[int(die * len(options))]
