"""The people and companies that the documents speak of: always the same ids, always in the first relationship manager's book.

All of them are invented. Ages and days are told from `as_of`, so that they stay true whenever the bank is simulated.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sandbox.bank.company import Company
from sandbox.bank.house import RMS
from sandbox.bank.person import ZONE, Person

Changes = dict[str, Any]


def _born(as_of: date, age: int, month: int, day: int) -> date:
    had_birthday = (month, day) <= (as_of.month, as_of.day)
    return date(as_of.year - age - (0 if had_birthday else 1), month, day)


def _ago(as_of: date, days: int, hour: int = 10) -> datetime:
    return datetime.combine(as_of - timedelta(days=days), time(hour, 20), ZONE)


def _said(as_of: date, days: int, *words: tuple[str, bool]) -> tuple[tuple[str, bool, datetime, str], ...]:
    return tuple((purpose, granted, _ago(as_of, days, 11), "网点柜台") for purpose, granted in words)


_ALL = (("care", True), ("marketing", True), ("profiling", True))

_PERSONS: dict[int, Callable[[date], Changes]] = {
    1: lambda on: {
        "name": "张伟", "male": True, "born": _born(on, 41, 6, 18), "work": "owner", "stage": "中年", "occupation": "企业主",
        "opened_at": _ago(on, 2100), "wealth": 1_860_000.0, "rate": 26.0, "level": "C4",
        "assessed_on": on - timedelta(days=120), "consents": _said(on, 400, *_ALL),
    },
    2: lambda on: {
        "name": "王芳", "male": False, "born": _born(on, 29, 9, 2), "work": "work", "stage": "新婚", "occupation": "护士",
        "opened_at": _ago(on, 900), "wealth": 126_000.0, "rate": 22.0, "level": "C3",
        "assessed_on": on - timedelta(days=45), "consents": _said(on, 300, ("care", True), ("marketing", False)),
    },
    3: lambda on: {
        "name": "李梅", "male": False, "born": _born(on, 46, 3, 11), "work": "work", "stage": "中年", "occupation": "会计",
        "opened_at": _ago(on, 3000), "wealth": 420_000.0, "rate": 11.0, "level": "C3",
        "assessed_on": on - timedelta(days=500), "missing": frozenset({"occupation"}),
        "consents": (*_said(on, 700, *_ALL), ("marketing", False, _ago(on, 60), "手机银行")),
    },
    4: lambda on: {
        "name": "刘洋", "male": True, "born": _born(on, 27, 12, 5), "work": "work", "stage": "单身", "occupation": "软件工程师",
        "opened_at": _ago(on, 40), "wealth": 38_000.0, "rate": 40.0, "level": "C3", "assessed_on": None,
        "consents": _said(on, 40, *_ALL),
    },
    5: lambda on: {
        "name": "赵秀兰", "male": False, "born": _born(on, 72, 11, 30), "work": "retired", "stage": "银发", "occupation": "退休教师",
        "opened_at": _ago(on, 4200), "wealth": 560_000.0, "rate": 5.0, "level": "C1",
        "assessed_on": on - timedelta(days=200), "consents": _said(on, 800, ("care", True), ("marketing", False), ("profiling", True)),
    },
    6: lambda on: {
        "name": "陈静", "male": False, "born": _born(on, 33, 4, 21), "work": "work", "stage": "育儿", "occupation": "中学教师",
        "opened_at": _ago(on, 1500), "wealth": 210_000.0, "rate": 30.0, "level": "C2",
        "assessed_on": on - timedelta(days=330), "consents": _said(on, 500, *_ALL),
    },
    # Somebody else of the same name, in another book; two of one name in this book; two as older documents write them.
    7: lambda on: {"name": "张伟", "male": True, "rm_id": RMS[1], "born": _born(on, 55, 1, 9), "work": "work", "stage": "中年"},
    8: lambda _: {"name": "孙丽", "male": False},
    9: lambda _: {"name": "孙丽", "male": False},
    10: lambda _: {"name": "陳志強", "male": True},
    11: lambda _: {"name": "黃雨桐", "male": False},
    12: lambda on: {"opened_at": _ago(on, 1, 15)},
    13: lambda on: {"opened_at": _ago(on, 2, 9)},
}  # fmt: skip

_COMPANIES: dict[int, Callable[[date], Changes]] = {
    1: lambda on: {
        "name": "华贸进出口有限公司", "industry": "外贸", "contact_name": "何静姝", "opened_at": _ago(on, 1900), "rm_id": RMS[0],
        "wealth": 3_200_000.0, "rate": 34.0, "staff": 26, "borrows": True,
    },
    2: lambda on: {
        "name": "恒达重工有限公司", "industry": "制造", "contact_name": "高远岫", "opened_at": _ago(on, 2600), "rm_id": RMS[0],
        "wealth": 8_500_000.0, "rate": 28.0, "staff": 140, "borrows": True,
    },
}  # fmt: skip

_NAMES = frozenset({"张伟", "王芳", "李梅", "刘洋", "赵秀兰", "陈静"})


def as_cast(person: Person, as_of: date) -> Person:
    """Let the person be who the documents say; nobody else in the first book bears such a name."""
    changes = _PERSONS.get(person.number)
    if changes:
        changed = changes(as_of)
        if person.number <= len(_NAMES):
            changed = {"missing": frozenset(), **changed}
        return _consistent(replace(person, **changed))
    if person.rm_id == RMS[0] and person.name in _NAMES:
        return replace(person, rm_id=RMS[1])
    return person


def as_cast_company(company: Company, as_of: date) -> Company:
    """Likewise for companies."""
    changes = _COMPANIES.get(company.number)
    return replace(company, **changes(as_of)) if changes else company


def _consistent(person: Person) -> Person:
    """Nothing was said or tested before the person became a customer."""
    opened = person.opened_at
    return replace(
        person,
        assessed_on=person.assessed_on and max(person.assessed_on, opened.date()),
        consents=tuple((purpose, granted, max(at, opened), source) for purpose, granted, at, source in person.consents),
    )
