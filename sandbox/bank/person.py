"""One person: who they are, since when a customer, and the hidden truth behind what will be seen of them.

Ages are a mixture of a mobile-first bank (mean 34) and one with pensioners (mean 45), as measured on public data.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone

from numpy.random import Generator

from sandbox.bank.house import BRANCH_IDS, RMS
from sandbox.bank.names import CITY, person_name, traditional
from sandbox.bank.numbers import identity_number, person_id, telephone

ZONE = timezone(timedelta(hours=8))

_OCCUPATIONS = {
    "student": ("学生",),
    "work": ("中学教师", "护士", "软件工程师", "会计", "销售主管", "公务员", "司机", "设计师", "厨师", "物业管理", "药剂师", "电工"),
    "owner": ("个体工商户", "企业主", "餐馆老板"),
    "free": ("自由职业", "摄影师", "网店店主"),
    "retired": ("退休", "退休教师", "退休工人"),
}
_FIRST_BOOK = 26  # the first relationship manager's book is filled first, so that it is never small


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person. `work` is student, work, owner, free or retired; `wealth` is what they keep with the bank in all, in yuan."""

    number: int
    name: str
    male: bool
    born: date
    work: str
    stage: str  # 单身 新婚 育儿 中年 银发
    opened_at: datetime
    rm_id: str
    branch_id: str
    wealth: float
    rate: float  # manual entries in a month
    level: str  # how much risk they bear in truth, C1–C5
    occupation: str
    assessed_on: date | None
    consents: tuple[tuple[str, bool, datetime, str], ...]
    missing: frozenset[str] = field(default=frozenset())

    @property
    def id(self) -> str:
        """The customer id."""
        return person_id(self.number)

    @property
    def segments(self) -> tuple[str, ...]:
        """What the bank's own tags would say."""
        stage = {"新婚": "新婚", "育儿": "育儿家庭", "中年": "中年", "银发": "银发"}.get(self.stage)
        work = {"owner": "企业主", "work": "代发"}.get(self.work)
        return tuple(tag for tag in (stage, work) if tag)

    def row(self) -> dict[str, object]:
        """The line of persons.csv; what the bank never learned is empty."""
        values: dict[str, object] = {
            "customer_id": self.id,
            "name": self.name,
            "gender": "male" if self.male else "female",
            "birth_date": self.born,
            "id_number": identity_number(self.born, self.number, male=self.male),
            "phone": telephone(1, self.number),
            "city": CITY,
            "occupation": self.occupation,
            "segments": ";".join(self.segments),
            "rm_id": self.rm_id,
            "branch_id": self.branch_id,
            "opened_at": self.opened_at.isoformat(),
            "status": "active",
        }
        return {name: "" if name in self.missing else value for name, value in values.items()}


def draw_person(draw: Generator, number: int, *, as_of: date) -> Person:
    """Draw the person of that number."""
    age = _age(draw)
    male = bool(draw.random() < 0.54)
    born = _birthday(draw, age, as_of)
    work = _work(draw, age)
    name = person_name(draw, male=male)
    opened_at = _opened(draw, age, as_of)
    return Person(
        number=number,
        name=traditional(name) if draw.random() < 0.04 else name,
        male=male,
        born=born,
        work=work,
        stage=_stage(draw, age),
        opened_at=opened_at,
        rm_id=RMS[0] if number <= _FIRST_BOOK else RMS[number % len(RMS)],
        branch_id=BRANCH_IDS[int(draw.integers(len(BRANCH_IDS)))],
        wealth=_wealth(draw, age),
        rate=0.0 if draw.random() < 0.15 else min(float(draw.lognormal(2.05, 1.55)), 200.0),
        level=_level(draw, age),
        occupation=str(draw.choice(_OCCUPATIONS[work])),
        assessed_on=_assessed(draw, opened_at.date(), as_of),
        consents=_consents(draw, opened_at, as_of),
        missing=_missing(draw),
    )


def assessment_rows(person: Person, draw: Generator) -> list[dict[str, object]]:
    """The tests of a person: the latest, and for some an earlier one."""
    if person.assessed_on is None:
        return []
    rows: list[dict[str, object]] = [{"customer_id": person.id, "level": person.level, "assessed_on": person.assessed_on}]
    earlier = person.assessed_on - timedelta(days=int(draw.integers(200, 420)))
    if earlier > person.opened_at.date() and draw.random() < 0.5:
        milder = f"C{max(1, int(person.level[1]) - int(draw.integers(0, 2)))}"
        rows.insert(0, {"customer_id": person.id, "level": milder, "assessed_on": earlier})
    return rows


def consent_rows(person: Person) -> list[dict[str, object]]:
    """Every word on being contacted, oldest first."""
    return [
        {"customer_id": person.id, "purpose": purpose, "granted": str(granted).lower(), "at": at.isoformat(), "source": source}
        for purpose, granted, at, source in person.consents
    ]


def _age(draw: Generator) -> int:
    age = 19 + float(draw.gamma(2.6, 5.8)) if draw.random() < 0.7 else float(draw.normal(44.8, 17.0))
    return int(min(max(age, 18), 88))


def _birthday(draw: Generator, age: int, as_of: date) -> date:
    return date(as_of.year - age, as_of.month, min(as_of.day, 28)) - timedelta(days=int(draw.integers(365)))


def _work(draw: Generator, age: int) -> str:
    if age >= 60:
        return "retired"
    if age < 23 and draw.random() < 0.6:
        return "student"
    return str(draw.choice(["work", "owner", "free"], p=[0.74, 0.12, 0.14]))


def _stage(draw: Generator, age: int) -> str:
    if age >= 60:
        return "银发"
    if age >= 46:
        return "中年"
    if age >= 27:
        return str(draw.choice(["育儿", "新婚", "单身"], p=[0.55, 0.15, 0.30]))
    return "新婚" if age >= 24 and draw.random() < 0.2 else "单身"


def _opened(draw: Generator, age: int, as_of: date) -> datetime:
    share = draw.random()
    if share < 0.03:
        days = float(draw.uniform(0, 3))
    elif share < 0.10:
        days = float(draw.uniform(3, 90))
    elif share < 0.25:
        days = float(draw.uniform(90, 365))
    else:
        days = float(draw.uniform(365, min(365 * 15, 365 * (age - 16))))
    return opening_instant(draw, as_of - timedelta(days=int(days)))


def opening_instant(draw: Generator, on: date) -> datetime:
    """Some minute within opening hours of the day."""
    return datetime.combine(on, time(9), ZONE) + timedelta(minutes=int(draw.integers(0, 470)))


def _wealth(draw: Generator, age: int) -> float:
    typical = 18_000 * (1 + max(0, min(age, 60) - 25) / 12)
    tail = 60.0 if draw.random() < 0.02 else 1.0  # a few hold most of it
    return float(typical * draw.lognormal(0.0, 1.3) * tail)


def _level(draw: Generator, age: int) -> str:
    shares = [0.35, 0.35, 0.2, 0.07, 0.03] if age >= 60 else [0.1, 0.25, 0.35, 0.2, 0.1]
    return str(draw.choice(["C1", "C2", "C3", "C4", "C5"], p=shares))


def _assessed(draw: Generator, opened: date, as_of: date) -> date | None:
    share = draw.random()
    if share < 0.30:
        return None
    days = int(draw.integers(366, 1100)) if share < 0.47 else int(draw.integers(0, 360))
    return max(as_of - timedelta(days=days), opened)


def _consents(draw: Generator, opened_at: datetime, as_of: date) -> tuple[tuple[str, bool, datetime, str], ...]:
    words: list[tuple[str, bool, datetime, str]] = []
    for purpose, asked, granted in (("care", 0.85, 0.92), ("marketing", 0.8, 0.7), ("profiling", 0.75, 0.8)):
        if draw.random() > asked:
            continue
        yes = bool(draw.random() < granted)
        at = opened_at + timedelta(minutes=int(draw.integers(5, 40)))
        words.append((purpose, yes, at, "开户申请书"))
        days = (as_of - at.date()).days
        if yes and days > 30 and draw.random() < 0.08:
            words.append((purpose, False, at + timedelta(days=int(draw.integers(7, days))), "手机银行"))
    return tuple(words)


def _missing(draw: Generator) -> frozenset[str]:
    shares = (("occupation", 0.14), ("birth_date", 0.03), ("phone", 0.03), ("id_number", 0.02), ("city", 0.05))
    return frozenset(name for name, share in shares if draw.random() < share)
