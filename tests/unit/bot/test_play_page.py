"""The page after a play: what a manager reads first, and no word of the program in it."""

import io
import re
from copy import deepcopy

from rich.console import Console

from bot.playing.page import show
from bot.report import Json

BODY: Json = {
    "from": "2026-11-24",
    "until": "2027-11-23",
    "days": 365,
    "seed": 7,
    "customers": 1206,
    "messages": {"internal": 1289, "reply": 3686, "reply_by_person": 381, "touch": 3073},
    "touches": {
        "solar_term": {
            "planned": 3073, "left_out": {"客户已销户": 144}, "outcome": {"sent": 3073}, "delivered": 3073, "read": 2204,
            "answered": 896, "bought": 0, "opted_out": 11, "complained": 0,
        },
    },
    "customers_said": {"messages": 2959, "acts": {"thanks": 1347, "question": 1612}, "intents": {"courtesy": 1347}},
    "understood": {
        "opt_out": {"said": 19, "as_meant": 19, "to_a_person": 0, "missed": 0},
        "complain": {"said": 20, "as_meant": 18, "to_a_person": 1, "missed": 1},
        "person": {"said": 0, "as_meant": 0, "to_a_person": 0, "missed": 0},
    },
    "opted_out": {"said": 19, "recorded": 19, "before": 3},
    "complaints": {"opened": 20, "closed": 19, "open": 1},
    "purchases": {"count": 2, "amount": "8000.00"},
    "gate": {"block": {}, "review": {}, "defer": {}},
    "handoffs": {
        "waits": 312, "taken": 312, "not_taken": 0, "returned_by_sla": 22, "released": 290, "minutes_median": 10.0,
        "minutes_longest": 843.0, "within_15_minutes": 207,
    },
    "tried_again": 93,
    "delivered_to_us": {"deliveries": 365, "rows": {"contacts": 4163, "complaints": 39}, "rejected": 0},
    "checks": [
        {"name": "no_dead_letters", "title": "没有死信", "cases": 2959, "breach": ""},
        {"name": "nothing_sent_twice", "title": "没有重复发送", "cases": 8429, "breach": ""},
    ],
}  # fmt: skip


def page(body: Json) -> str:
    screen = io.StringIO()
    show(body, Console(file=screen, width=100))
    return screen.getvalue()


def test_the_first_two_lines_say_what_was_played_as_of_when_and_whether_all_held() -> None:
    first, second, *_ = page(BODY).splitlines()

    assert first == "演练 365 天：2026-11-24 至 2027-11-23（模拟银行，随机种子 7）"
    assert second == "截至 2027-11-23，在册活跃客户 1,206 位。2 项底线全部守住。"


def test_what_did_not_hold_stands_on_top_and_beside_the_check() -> None:
    body = deepcopy(BODY)
    body["checks"][1]["breach"] = "touch/1 reached the channel twice"
    text = page(body)

    assert "2 项底线中 1 项没守住：没有重复发送。" in text.splitlines()[1]
    assert "✗ touch/1 reached the channel twice 没有重复发送" in text


def test_shares_reasons_and_where_the_rest_went_are_told() -> None:
    text = page(BODY)

    for told in (
        "896 · 29.2%",
        "节气问候没有安排的人次和原因：客户已销户 144",
        "退订 19 次听懂 19 次；投诉 20 次听懂 18 次，1 次由在场的人听到，1 次没听懂",
        "19 位，记下 19 位；此前已退订 3 位，一直没有打扰",
        "登记 20 件，办结 19 件，还没办结 1 件",
        "2 笔，共 8,000.00 元",
        "15 分钟内接起 207 · 66.3%；等待中位数 10.0 分钟，最长 14.1 小时",
        "银行每天一批共 365 批：联系记录 4,163，投诉 39",
    ):
        assert told in text
    assert not re.findall(r"[a-z_]{3,}", text)
