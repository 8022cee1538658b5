"""The bank itself: branches, people, products. The same in every run but for the dates and the second factors."""

import base64
from datetime import date, timedelta
from decimal import Decimal

import pyarrow as pa

from sandbox.bank.contract import schema
from sandbox.bank.names import CITY, person_names
from sandbox.bank.numbers import telephone
from sandbox.bank.world import World, draw

Row = dict[str, object]

_BRANCHES = (
    ("B001", "云桥中心支行", "湖畔区望湖路1号"),
    ("B002", "栖湖支行", "栖湖区杨柳街28号"),
    ("B003", "望澜支行", "望澜区潮音路6号"),
    ("B004", "青屿支行", "青屿区灯塔巷12号"),
)

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
    ("S0017", "骆闻溪", "rm", "B003"),
)

# code, name, kind, category, risk, percent a year, what the percentage is, days, least amount
_PRODUCTS: tuple[tuple[str, str, str, str, str, str, str, int | None, str], ...] = (
    ("P-001", "活期存款", "deposit", "demand", "", "0.05", "年利率", None, "0.00"),
    ("P-101", "整存整取定期存款", "deposit", "term", "", "1.10", "年利率", 365, "50.00"),
    ("P-102", "大额存单", "deposit", "term", "", "1.45", "年利率", 1096, "200000.00"),
    ("P-103", "安心日日盈", "wealth", "wealth", "R1", "1.55", "业绩比较基准", None, "1.00"),
    ("P-104", "稳享固收90天", "wealth", "wealth", "R2", "2.15", "业绩比较基准", 90, "10000.00"),
    ("P-105", "稳享固收一年", "wealth", "wealth", "R2", "2.45", "业绩比较基准", 365, "10000.00"),
    ("P-106", "添益固收增强", "wealth", "wealth", "R3", "2.90", "业绩比较基准", 365, "10000.00"),
    ("P-107", "均衡配置混合", "wealth", "wealth", "R3", "3.10", "业绩比较基准", 730, "10000.00"),
    ("P-108", "宽基指数基金", "fund", "fund", "R4", "", "", None, "10.00"),
    ("P-109", "科技主题权益", "wealth", "wealth", "R5", "", "", None, "10000.00"),
    ("P-110", "积存金", "gold", "metal", "R3", "", "", None, "200.00"),
    ("P-111", "颐享养老理财", "wealth", "pension", "R2", "2.60", "业绩比较基准", 1826, "1.00"),
    ("P-112", "教育金定投计划", "fund", "fund", "R3", "", "", None, "100.00"),
    ("P-113", "纯债稳健基金", "fund", "fund", "R2", "", "", None, "10.00"),
    ("P-114", "全球权益精选", "fund", "fund", "R5", "", "", None, "10.00"),
    ("P-115", "美元活期存款", "deposit", "fx", "", "0.80", "年利率", None, "0.00"),
    ("P-116", "稳享固收2024专享", "wealth", "wealth", "R2", "3.05", "业绩比较基准", 365, "10000.00"),
    ("P-201", "信用卡", "card", "credit_card", "", "", "", None, ""),
    ("P-301", "个人住房贷款", "loan", "mortgage", "", "3.05", "年利率", None, ""),
    ("P-302", "小微经营贷", "loan", "business_loan", "", "3.45", "年利率", 365, "50000.00"),
    ("P-303", "家庭消费贷", "loan", "consumer_loan", "", "4.35", "年利率", None, "5000.00"),
    ("P-304", "购车分期", "loan", "consumer_loan", "", "3.90", "年利率", None, "20000.00"),
    ("P-401", "安康重疾保险", "insurance", "insurance", "", "", "", None, ""),
    ("P-402", "岁岁平安医疗保险", "insurance", "insurance", "", "", "", 365, ""),
    ("P-501", "代发工资服务", "service", "payroll", "", "", "", None, ""),
    ("P-502", "企业结算套餐", "service", "settlement", "", "", "", None, ""),
    ("P-503", "外汇结算与避险", "service", "fx", "", "", "", None, ""),
)
_EXPIRED = "P-116"


def branches() -> pa.Table:
    """The four branches of the invented city."""
    rows: list[Row] = [
        {
            "branch_id": branch,
            "name": name,
            "city": CITY,
            "district": address[:3],
            "address": address,
            "phone": f"0000-555{place:04d}",
            "hours": "周一至周五 9:00-17:00，周六 9:30-15:30",
        }
        for place, (branch, name, address) in enumerate(_BRANCHES, start=1)
    ]
    return pa.Table.from_pylist(rows, schema=schema("branches"))


def staff(world: World) -> pa.Table:
    """Everybody; one relationship manager is away around `as_of`, one has left. More customers bring more relationship managers."""
    as_of = world.as_of
    chance = draw(world, 0, "staff names")
    more = world.rms[7:]
    names = person_names(chance, chance.random(len(more)) < 0.5)
    people = (
        *_STAFF,
        *((identity, str(name), "rm", f"B{at % 4 + 1:03d}") for at, (identity, name) in enumerate(zip(more, names, strict=True))),
    )
    rows: list[Row] = []
    for number, (identity, name, role, branch) in enumerate(people, start=1):
        away, left = identity == "S0006", identity == "S0017"
        rows.append(
            {
                "staff_id": identity,
                "name": name,
                "role": role,
                "branch_id": branch,
                "phone": telephone(0, number),
                "deputy_id": "S0007" if away else None,
                "leave_from": as_of - timedelta(days=3) if away else None,
                "leave_until": as_of + timedelta(days=11) if away else None,
                "joined_on": as_of - timedelta(days=200 + 157 * (number % 17)),
                "left_on": as_of - timedelta(days=17) if left else None,
                "mentor_id": "S0003" if identity == "S0008" else None,
                "active": not left,
            }
        )
    return pa.Table.from_pylist(rows, schema=schema("staff"))


def staff_secrets(world: World) -> pa.Table:
    """A second factor for everybody. It is written to a file, so it protects nothing: sandbox only."""
    chance = draw(world, 0, "staff secrets")
    identities = [*(identity for identity, *_ in _STAFF), *world.rms[7:]]
    secrets = [base64.b32encode(chance.bytes(20)).decode() for _ in identities]
    return pa.table({"staff_id": identities, "totp_secret": secrets})


def products(as_of: date) -> pa.Table:
    """The product master as of the day. One product is no longer sold."""
    rows: list[Row] = []
    for code, name, kind, category, risk, rate, rate_kind, days, least in _PRODUCTS:
        expired = code == _EXPIRED
        rows.append(
            {
                "product_code": code,
                "name": name,
                "kind": kind,
                "category": category,
                "risk": risk or None,
                "rate": Decimal(rate) if rate else None,
                "issuer_risk": risk or None,
                "rate_kind": rate_kind or None,
                "term_days": days,
                "min_amount": Decimal(least) if least else None,
                "currency": "USD" if code == "P-115" else "CNY",
                "approval": f"APR-{as_of.year}-{code[2:]:0>4}",
                "as_of": as_of,
                "valid_from": date(as_of.year - (2 if expired else 0), 1, 1),
                "valid_until": date(as_of.year, 1, 1) if expired else date(as_of.year + 2, 1, 1),
                "private": False,
            }
        )
    return pa.Table.from_pylist(rows, schema=schema("products"))
