"""One company: what it does, whom it trades with, and how its customers pay."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from numpy.random import Generator

from sandbox.bank.house import BRANCH_IDS, RMS
from sandbox.bank.names import CITY, INDUSTRIES, customer_firm_name, firm_name, person_name
from sandbox.bank.numbers import company_id, credit_code, telephone
from sandbox.bank.person import opening_instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Payer:
    """A customer of the company that pays every `every` days or so."""

    name: str
    every: int
    first: int  # days after the first day of the bank's files
    amount: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """A company. `wealth` is what it keeps with the bank, in yuan; `rate` the entries in a month made by hand."""

    number: int
    name: str
    industry: str
    contact_name: str
    opened_at: datetime
    rm_id: str
    branch_id: str
    wealth: float
    rate: float
    staff: int
    payers: tuple[Payer, ...]
    borrows: bool
    level: str
    assessed_on: date | None

    @property
    def id(self) -> str:
        """The customer id."""
        return company_id(self.number)

    def row(self) -> dict[str, object]:
        """The line of companies.csv."""
        return {
            "customer_id": self.id,
            "name": self.name,
            "uscc": credit_code(self.number),
            "industry": self.industry,
            "contact_name": self.contact_name,
            "contact_phone": telephone(9, self.number),
            "city": CITY,
            "segments": f"{self.industry}企业" if not self.industry.startswith("小微") else self.industry,
            "rm_id": self.rm_id,
            "branch_id": self.branch_id,
            "opened_at": self.opened_at.isoformat(),
            "status": "active",
        }


def draw_company(draw: Generator, number: int, *, as_of: date) -> Company:
    """Draw the company of that number."""
    industry = INDUSTRIES[number % len(INDUSTRIES)]
    wealth = float(draw.lognormal(12.6, 1.3))
    payers = tuple(
        Payer(
            name=firm_name(draw, INDUSTRIES[int(draw.integers(len(INDUSTRIES)))]),
            every=int(draw.choice([30, 30, 45, 60])),
            first=int(draw.integers(0, 30)),
            amount=float(wealth * draw.uniform(0.1, 0.5)),
        )
        for _ in range(int(draw.integers(1, 4)))
    )
    return Company(
        number=number,
        name=customer_firm_name(number, industry),
        industry=industry,
        contact_name=person_name(draw, male=bool(draw.random() < 0.4)),
        opened_at=opening_instant(draw, as_of - timedelta(days=int(draw.integers(40, 3600)))),
        rm_id=RMS[number % len(RMS)],
        branch_id=BRANCH_IDS[int(draw.integers(len(BRANCH_IDS)))],
        wealth=wealth,
        rate=min(float(draw.lognormal(2.8, 0.7)), 150.0),
        staff=int(draw.lognormal(3.0, 0.8)) + 2,
        payers=payers,
        borrows=bool(draw.random() < 0.6),
        level=str(draw.choice(["C2", "C3", "C4"])),
        assessed_on=as_of - timedelta(days=int(draw.integers(10, 700))) if draw.random() < 0.5 else None,
    )
