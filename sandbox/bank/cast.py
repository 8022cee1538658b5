"""The people and companies that the documents speak of: always the same ids, always in the first relationship manager's book.

All of them are invented. Ages and days are told from `as_of`, so that they stay true whenever the bank is simulated.
"""

from dataclasses import dataclass
from datetime import date

ALL = (("care", True), ("marketing", True), ("profiling", True))
NAMED = 6  # so many persons and COMPANIES stay with the bank and are known to it in full


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What is settled of a person; None leaves it to chance. Days are counted back from the last day of the files."""

    name: str
    male: bool | None = None
    age: int | None = None
    birthday: tuple[int, int] = (1, 9)
    work: str | None = None
    stage: str | None = None
    occupation: str | None = None
    opened: tuple[int, int] | None = None  # days ago, hour
    wealth: float | None = None
    rate: float | None = None
    level: int | None = None
    assessed: int | None = None  # days ago; -1 for never
    consents: tuple[tuple[str, bool, int, str], ...] | None = None  # purpose, granted, days ago, where
    missing: frozenset[str] = frozenset()
    rm: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Firm:
    """Likewise of a company."""

    name: str
    industry: str
    industry_code: str
    contact: str
    opened: tuple[int, int]
    wealth: float
    rate: float
    employees: int
    revenue: float
    trades: bool = False
    core: bool = False
    owner: int = -1


def _at_counter(days: int, *said: tuple[str, bool]) -> tuple[tuple[str, bool, int, str], ...]:
    return tuple((purpose, granted, days, "网点柜台") for purpose, granted in said)


PERSONS: dict[int, Part] = {
    1: Part(
        name="张伟", male=True, age=41, birthday=(6, 18), work="owner", stage="midlife", occupation="企业主", opened=(2100, 10),
        wealth=1_860_000.0, rate=26.0, level=4, assessed=120, consents=_at_counter(400, *ALL),
    ),
    2: Part(
        name="王芳", male=False, age=29, birthday=(9, 2), work="work", stage="newlywed", occupation="护士", opened=(900, 10),
        wealth=126_000.0, rate=22.0, level=3, assessed=45, consents=_at_counter(300, ("care", True), ("marketing", False)),
    ),
    3: Part(
        name="李梅", male=False, age=46, birthday=(3, 11), work="work", stage="midlife", occupation="会计", opened=(3000, 10),
        wealth=420_000.0, rate=11.0, level=3, assessed=500, missing=frozenset({"occupation"}),
        consents=(*_at_counter(700, *ALL), ("marketing", False, 60, "手机银行")),
    ),
    4: Part(
        name="刘洋", male=True, age=27, birthday=(12, 5), work="work", stage="single", occupation="软件工程师", opened=(40, 10),
        wealth=38_000.0, rate=40.0, level=3, assessed=-1, consents=_at_counter(40, *ALL),
    ),
    5: Part(
        name="赵秀兰", male=False, age=72, birthday=(11, 30), work="retired", stage="silver", occupation="退休教师", opened=(4200, 10),
        wealth=560_000.0, rate=5.0, level=1, assessed=200,
        consents=_at_counter(800, ("care", True), ("marketing", False), ("profiling", True)),
    ),
    6: Part(
        name="陈静", male=False, age=33, birthday=(4, 21), work="work", stage="parenting", occupation="中学教师", opened=(1500, 10),
        wealth=210_000.0, rate=30.0, level=2, assessed=330, consents=_at_counter(500, *ALL),
    ),
    # Somebody else of the same name, in another book; two of one name in this book; two as older documents write them.
    7: Part(name="张伟", male=True, age=55, birthday=(1, 9), work="work", stage="midlife", rm=1),
    8: Part(name="孙丽", male=False),
    9: Part(name="孙丽", male=False),
    10: Part(name="陳志強", male=True),
    11: Part(name="黃雨桐", male=False),
    12: Part(name="", opened=(1, 15)),
    13: Part(name="", opened=(2, 9)),
    # The husband of the second, and three whose stories docs/personas.md tells.
    14: Part(
        name="许承泽", male=True, age=31, birthday=(2, 27), work="work", stage="newlywed", occupation="设计师", opened=(640, 14),
        wealth=98_000.0, rate=19.0, level=3, assessed=210, consents=_at_counter(200, *ALL),
    ),
    15: Part(
        name="沈望山", male=True, age=63, birthday=(10, 8), work="retired", stage="silver", occupation="退休", opened=(3300, 10),
        wealth=3_260_000.0, rate=0.0, level=2, assessed=420, consents=_at_counter(900, ("care", True), ("marketing", True)),
    ),
    16: Part(
        name="罗予安", male=False, age=35, birthday=(7, 14), work="work", stage="single", occupation="药剂师", opened=(1250, 11),
        wealth=154_000.0, rate=27.0, level=3, assessed=150, consents=_at_counter(350, *ALL),
    ),
    17: Part(
        name="董海涛", male=True, age=47, birthday=(5, 19), work="work", stage="midlife", occupation="销售主管", opened=(2450, 15),
        wealth=730_000.0, rate=21.0, level=3, assessed=90, consents=_at_counter(600, *ALL),
    ),
}  # fmt: skip

COMPANIES: dict[int, Firm] = {
    1: Firm(
        name="华贸进出口有限公司", industry="外贸", industry_code="F5181", contact="何静姝", opened=(1900, 10), wealth=3_200_000.0,
        rate=34.0, employees=26, revenue=42_000_000.0, trades=True, owner=1,
    ),
    2: Firm(
        name="恒达重工有限公司", industry="制造", industry_code="C3411", contact="高远岫", opened=(2600, 10), wealth=8_500_000.0, rate=28.0,
        employees=140, revenue=160_000_000.0, core=True,
    ),
    3: Firm(
        name="听潮五金制品有限公司", industry="制造", industry_code="C3360", contact="程砚秋", opened=(1400, 14), wealth=860_000.0,
        rate=22.0, employees=31, revenue=18_000_000.0, trades=True,
    ),
    4: Firm(
        name="砚溪智能科技有限公司", industry="科创", industry_code="I6513", contact="苏令仪", opened=(760, 9), wealth=1_450_000.0,
        rate=19.0, employees=24, revenue=12_500_000.0,
    ),
}  # fmt: skip


def born(as_of: date, age: int, birthday: tuple[int, int]) -> date:
    """The day of birth of somebody who is `age` on the last day."""
    had_birthday = birthday <= (as_of.month, as_of.day)
    return date(as_of.year - age - (0 if had_birthday else 1), *birthday)
