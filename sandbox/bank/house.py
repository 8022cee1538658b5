"""The bank itself: branches, people, products. The same in every run but for the dates and the second factors."""

import base64
from collections.abc import Iterator
from datetime import date, timedelta

from numpy.random import Generator

from sandbox.bank.names import CITY
from sandbox.bank.numbers import telephone

Row = dict[str, object]

RMS = ("S0003", "S0004", "S0005", "S0006", "S0007", "S0008")

_BRANCHES = (
    ("B001", "云桥中心支行", "湖畔区望湖路1号"),
    ("B002", "栖湖支行", "栖湖区杨柳街28号"),
    ("B003", "望澜支行", "望澜区潮音路6号"),
    ("B004", "青屿支行", "青屿区灯塔巷12号"),
)
BRANCH_IDS = tuple(branch for branch, _, _ in _BRANCHES)

_STAFF = (
    ("S0001", "顾清川", "manager", "B001"),
    ("S0002", "白若水", "manager", "B002"),
    ("S0003", "周明远", "rm", "B001"),
    ("S0004", "林书瑶", "rm", "B001"),
    ("S0005", "江予白", "rm", "B002"),
    ("S0006", "沈知秋", "rm", "B002"),
    ("S0007", "陆景和", "rm", "B003"),
    ("S0008", "秦晚照", "rm", "B004"),
    ("S0009", "夏初", "teller", "B001"),
    ("S0010", "温如玉", "teller", "B002"),
    ("S0011", "孟星河", "teller", "B003"),
    ("S0012", "叶南风", "lobby", "B001"),
    ("S0013", "苏木", "lobby", "B004"),
    ("S0014", "程一诺", "product", "B001"),
    ("S0015", "严正", "compliance", "B001"),
    ("S0016", "卫平", "compliance", "B001"),
)

# code, name, kind, risk, percent a year, what the percentage is, days, least amount
_PRODUCTS: tuple[tuple[str, str, str, str, str, str, int | None, str], ...] = (
    ("P-001", "活期存款", "deposit", "", "0.05", "年利率", None, "0.00"),
    ("P-101", "整存整取定期存款", "deposit", "", "1.10", "年利率", 365, "50.00"),
    ("P-102", "大额存单", "deposit", "", "1.45", "年利率", 1096, "200000.00"),
    ("P-103", "安心日日盈", "wealth", "R1", "1.55", "业绩比较基准", None, "1.00"),
    ("P-104", "稳享固收90天", "wealth", "R2", "2.15", "业绩比较基准", 90, "10000.00"),
    ("P-105", "稳享固收一年", "wealth", "R2", "2.45", "业绩比较基准", 365, "10000.00"),
    ("P-106", "添益固收增强", "wealth", "R3", "2.90", "业绩比较基准", 365, "10000.00"),
    ("P-107", "均衡配置混合", "wealth", "R3", "3.10", "业绩比较基准", 730, "10000.00"),
    ("P-108", "宽基指数基金", "fund", "R4", "", "", None, "10.00"),
    ("P-109", "科技主题权益", "wealth", "R5", "", "", None, "10000.00"),
    ("P-110", "积存金", "gold", "R3", "", "", None, "200.00"),
    ("P-111", "颐享养老理财", "wealth", "R2", "2.60", "业绩比较基准", 1826, "1.00"),
    ("P-112", "教育金定投计划", "fund", "R3", "", "", None, "100.00"),
    ("P-113", "纯债稳健基金", "fund", "R2", "", "", None, "10.00"),
    ("P-114", "全球权益精选", "fund", "R5", "", "", None, "10.00"),
    ("P-201", "信用卡", "card", "", "", "", None, ""),
    ("P-301", "个人住房贷款", "loan", "", "3.05", "年利率", None, ""),
    ("P-302", "小微经营贷", "loan", "", "3.45", "年利率", 365, "50000.00"),
)


def branches() -> Iterator[Row]:
    """The four branches of the invented city."""
    for place, (branch, name, address) in enumerate(_BRANCHES, start=1):
        yield {
            "branch_id": branch,
            "name": name,
            "city": CITY,
            "address": address,
            "phone": f"0000-555{place:04d}",
            "hours": "周一至周五 9:00-17:00，周六 9:30-15:30",
        }


def staff(as_of: date) -> Iterator[Row]:
    """Everybody; one relationship manager is away around `as_of`."""
    for number, (identity, name, role, branch) in enumerate(_STAFF, start=1):
        away = identity == "S0006"
        yield {
            "staff_id": identity,
            "name": name,
            "role": role,
            "branch_id": branch,
            "phone": telephone(0, number),
            "deputy_id": "S0007" if away else None,
            "leave_from": as_of - timedelta(days=3) if away else None,
            "leave_until": as_of + timedelta(days=11) if away else None,
            "active": "true",
        }


def staff_secrets(draw: Generator) -> Iterator[Row]:
    """A second factor for everybody. It is written to a file, so it protects nothing: sandbox only."""
    for identity, *_ in _STAFF:
        yield {"staff_id": identity, "totp_secret": base64.b32encode(draw.bytes(20)).decode()}


def products(as_of: date) -> Iterator[Row]:
    """The product master as of the day."""
    for code, name, kind, risk, rate, rate_kind, days, least in _PRODUCTS:
        yield {
            "product_code": code,
            "name": name,
            "kind": kind,
            "risk": risk,
            "rate": rate,
            "rate_kind": rate_kind,
            "term_days": days,
            "min_amount": least,
            "currency": "CNY",
            "approval": f"APR-{as_of.year}-{code[2:]:0>4}",
            "as_of": as_of,
            "valid_from": date(as_of.year, 1, 1),
            "valid_until": date(as_of.year + 2, 1, 1),
            "private": "false",
        }
