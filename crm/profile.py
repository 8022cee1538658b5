"""What we know of a customer and what we should ask: two layers, each with its dates and where it comes from. Pure.

The basic layer is who the person is and who looks after them; the assets layer is what they have with us and needs a second factor
(`compliance.access`). Contact numbers are masked here, so that nothing further up can show them whole. Wording is the handlers'.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from compliance.days import bank_day
from compliance.suitability import valid_until
from domain.book import Activity, Assets, Branch, Customer, Holding, RiskAssessment, StaffMember

_BANK = "bank"
# What is worth asking first: what the law wants before advice, then what reaches the customer, then what makes advice fit.
_PERSON_FIELDS = ("risk_assessment", "phone", "id_number", "birth_date", "occupation", "city", "gender", "segments", "rm")
_COMPANY_FIELDS = ("contact_name", "phone", "id_number", "industry", "risk_assessment", "city", "segments", "rm")


class GapState(StrEnum):
    """Why a field has to be asked for."""

    MISSING = "missing"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A question to ask. `since` is the day from which an expired answer no longer counts."""

    field: str
    state: GapState
    since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A field that we know, masked where it must be. `source` is `bank`, or where it was said; `at` is when it was said."""

    field: str
    value: str
    source: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskView:
    """The latest risk test. It counts from `assessed_on` until the day before `until`."""

    level: str
    assessed_on: date
    until: date
    counts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The basic layer as of the day `on`. `gaps` come most worth asking first."""

    on: date
    customer_id: str
    kind: str
    name: str
    status: str
    age: int | None
    segments: tuple[str, ...]
    opened_on: date
    days_with_us: int
    fields: tuple[Known, ...]
    said: tuple[Known, ...]
    products: tuple[str, ...]
    risk: RiskView | None
    staff_name: str | None
    staff_away: bool
    branch_name: str | None
    gaps: tuple[Gap, ...]

    def known(self, field: str) -> Known | None:
        """A field by name, if we know it."""
        return next((known for known in self.fields if known.field == field), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetsLayer:
    """The assets layer: money in CNY as of `as_of`, `days_old` days before the day it is looked at.

    `aum` and `month_average` are None where the bank delivered no balances (or not the whole month); `missing` names the parts that
    were not delivered: assets, month_average, activity.
    """

    on: date
    as_of: date | None
    days_old: int | None
    aum: Decimal | None
    month_average: Decimal | None
    holdings: tuple[Holding, ...]
    activity: Activity | None
    missing: tuple[str, ...]


def basic_layer(
    customer: Customer,
    *,
    staff: StaffMember | None,
    branch: Branch | None,
    products: Sequence[str],
    assessment: RiskAssessment | None,
    said: Sequence[tuple[str, str, str, datetime]],
    on: date,
) -> Profile:
    """Put together what the book says. `products` are names; `said` are (name, value, source, at), latest first.

    What the customer said fills a field that the bank left empty, with its source; it never replaces the bank's own.
    """
    latest_said = _latest(said)
    risk = _risk(assessment, on)
    from_bank = _from_bank(customer, staff)
    fields = tuple(
        known for field in _fields_of(customer) if (known := _known(field, from_bank.get(field, ""), latest_said.get(field))) is not None
    )
    opened_on = bank_day(customer.opened_at)
    return Profile(
        on=on,
        customer_id=customer.id,
        kind=customer.kind,
        name=customer.name,
        status=customer.status,
        age=customer.age(on) if customer.kind == "person" else None,
        segments=customer.segments,
        opened_on=opened_on,
        days_with_us=(on - opened_on).days,
        fields=fields,
        said=tuple(latest_said.values()),
        products=tuple(products),
        risk=risk,
        staff_name=staff.name if staff else None,
        staff_away=bool(staff and staff.on_leave(on)),
        branch_name=branch.name if branch else None,
        gaps=_gaps(customer, {known.field for known in fields}, risk),
    )


def assets_layer(assets: Assets | None, activity: Activity | None, *, on: date) -> AssetsLayer:
    """Put together what the facts say, and name what they do not."""
    as_of = assets.as_of if assets else activity.as_of if activity else None
    parts = (("assets", assets), ("month_average", assets and assets.month_average), ("activity", activity))
    return AssetsLayer(
        on=on,
        as_of=as_of,
        days_old=(on - as_of).days if as_of else None,
        aum=assets.aum if assets else None,
        month_average=assets.month_average if assets else None,
        holdings=assets.holdings if assets else (),
        activity=activity,
        missing=tuple(name for name, value in parts if value is None),
    )


def mask_number(number: str, *, head: int, tail: int) -> str:
    """Hide the middle of a number that is known to be personal, whatever its form: 13800138000 -> 138****8000."""
    if len(number) < head + tail + 2:
        return "*" * len(number)
    return number[:head] + "*" * (len(number) - head - tail) + number[-tail:]


def _fields_of(customer: Customer) -> tuple[str, ...]:
    return _PERSON_FIELDS if customer.kind == "person" else _COMPANY_FIELDS


def _from_bank(customer: Customer, staff: StaffMember | None) -> dict[str, str]:
    person = customer.kind == "person"
    return {
        "phone": mask_number(customer.phone, head=3, tail=4),
        # The code of a company is public, that of a person is not.
        "id_number": mask_number(customer.id_number, head=6, tail=4) if person else customer.id_number,
        "birth_date": customer.birth_date.isoformat() if customer.birth_date else "",
        "occupation": customer.occupation,
        "industry": customer.industry,
        "contact_name": customer.contact_name,
        "city": customer.city,
        "gender": customer.gender,
        "segments": "、".join(customer.segments),
        "rm": staff.id if staff else "",
    }


def _latest(said: Sequence[tuple[str, str, str, datetime]]) -> dict[str, Known]:
    latest: dict[str, Known] = {}
    for name, value, source, at in said:
        latest.setdefault(name, Known(field=name, value=_hidden(name, value), source=source, at=at))
    return latest


def _hidden(name: str, value: str) -> str:
    lengths = {"phone": (3, 4), "id_number": (6, 4)}.get(name)
    return mask_number(value, head=lengths[0], tail=lengths[1]) if lengths else value


def _known(field: str, value: str, said: Known | None) -> Known | None:
    return Known(field=field, value=value, source=_BANK) if value else said


def _risk(assessment: RiskAssessment | None, on: date) -> RiskView | None:
    if assessment is None:
        return None
    until = valid_until(assessment)
    return RiskView(level=assessment.level, assessed_on=assessment.assessed_on, until=until, counts=assessment.assessed_on <= on < until)


def _gaps(customer: Customer, known: set[str], risk: RiskView | None) -> tuple[Gap, ...]:
    gaps = []
    for field in _fields_of(customer):
        if field == "risk_assessment":
            if risk is None:
                gaps.append(Gap(field=field, state=GapState.MISSING))
            elif not risk.counts:
                gaps.append(Gap(field=field, state=GapState.EXPIRED, since=risk.until))
        elif field not in known:
            gaps.append(Gap(field=field, state=GapState.MISSING))
    return tuple(gaps)
