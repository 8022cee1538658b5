"""Channels, hours and the last contact that went both ways (D01, B14, A03)."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.assessing.stages import STAGES
from crm.contacting.told import choices, hours
from handlers.shown import NEXT_PAGE
from tests.insight.kit import TODAY as DAY
from tests.insight.kit import HandBank, Made

CONTACT = tuple(stage for stage in STAGES if stage.name.startswith(("coverage", "channel", "contact_")))
_ROW = {"last_answer_on": None, "stated": False}


def _tried(bank: HandBank, customer: str, channel: str, outcome: str, *, on: date, direction: str = "out", **columns: object) -> None:
    number = len(bank.feeds.get("contacts", ()))
    bank.add(
        "contacts", contact_id=f"K{number:05d}", customer_id=customer, channel=channel, direction=direction, purpose="care",
        at=f"{on}T10:00:00+08:00", outcome=outcome, **columns,
    )  # fmt: skip


def _group(bank: HandBank, *, answering: int, count: int = 30) -> None:
    """Customers of whom `answering` answer calls, and nobody anything else."""
    for number in range(count):
        bank.person(f"P{number}", f"同{number}")
        for back in (5, 25, 45):
            _tried(bank, f"P{number}", "phone", "answered" if number < answering else "failed", on=DAY - timedelta(days=back), seconds=60)
            _tried(bank, f"P{number}", "sms", "delivered", on=DAY - timedelta(days=back))


def test_many_trials_of_ones_own_outweigh_the_group_and_few_do_not(tmp_path: Path) -> None:
    bank = HandBank().person("A", "赵一苇", gender="female").person("B", "赵二苇").person("C", "赵三苇")
    _group(bank, answering=15)
    for number in range(12):
        _tried(bank, "A", "phone", "answered", on=DAY - timedelta(days=3 * number), seconds=90)
    _tried(bank, "B", "phone", "answered", on=DAY - timedelta(days=3), seconds=90)
    made = bank.made(tmp_path, stages=CONTACT)
    phone = {row["customer_id"]: row for row in made.rows("channels") if row["channel"] == "phone"}
    assert phone["A"]["probability"] > phone["B"]["probability"] > phone["C"]["probability"]
    assert phone["C"]["probability"] == pytest.approx(phone["C"]["usual"], abs=1e-6)
    said = made.said("用什么渠道联系赵一苇")
    assert "电话" in said.splitlines()[0]
    assert "试过 12 次，回了 12 次" in said
    assert "还没试过，先按同类客户估" in made.said("赵三苇喜欢用什么方式联系")


def test_what_the_customer_asked_for_wins(tmp_path: Path) -> None:
    bank = HandBank().person("A", "赵桂兰", preferred_channel="sms", gender="female", birth_date="1950-01-02")
    _group(bank, answering=30)
    for number in range(6):
        _tried(bank, "A", "phone", "answered", on=DAY - timedelta(days=3 * number), seconds=90)
    first = bank.made(tmp_path, stages=CONTACT).said("用什么渠道联系赵奶奶").splitlines()[0]
    assert first.startswith("联系赵桂兰用短信")
    assert "客户自己说过愿意用这个" in first


def test_old_answers_count_less_than_new_ones(tmp_path: Path) -> None:
    bank = HandBank().person("A", "赵一苇").person("B", "赵二苇")
    _group(bank, answering=10)
    for number in range(6):
        _tried(bank, "A", "phone", "answered", on=DAY - timedelta(days=700 + number), seconds=90)
        _tried(bank, "B", "phone", "answered", on=DAY - timedelta(days=1 + number), seconds=90)
    phone = {
        row["customer_id"]: row["probability"] for row in bank.made(tmp_path, stages=CONTACT).rows("channels") if row["channel"] == "phone"
    }
    assert phone["B"] > phone["A"] > phone["P29"]


_CASES = [
    ("sms", "delivered", None, "out", False),
    ("sms", "read", None, "out", False),
    ("wecom", "delivered", None, "out", False),
    ("wecom", "read", None, "out", True),
    ("wecom", "replied", None, "out", True),
    ("phone", "answered", 12, "out", False),
    ("phone", "answered", 30, "out", True),
    ("visit", "met", None, "out", True),
    ("phone", "failed", None, "out", False),
    ("branch", "met", None, "in", True),
    ("phone", "answered", 5, "in", True),
]


@pytest.fixture(scope="module")
def tried_once(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A customer for each case."""
    bank = HandBank()
    for number, (channel, outcome, seconds, direction, _) in enumerate(_CASES):
        customer = f"A{number}"
        bank.person(customer, f"赵{number}苇")
        _tried(bank, customer, "phone", "failed", on=DAY - timedelta(days=200))
        _tried(bank, customer, channel, outcome, on=DAY - timedelta(days=4), direction=direction, seconds=seconds)
    return bank.made(tmp_path_factory.mktemp("tried"), stages=CONTACT)


@pytest.mark.parametrize("case", _CASES, ids=str)
def test_only_what_went_both_ways_is_contact(tried_once: Made, case: tuple[str, str, int | None, str, bool]) -> None:
    row = tried_once.of("contact_reach", f"A{_CASES.index(case)}")[0]
    assert row["days_since"] == (4 if case[-1] else None)


def test_the_longest_neglected_come_first_and_texts_sent_do_not_help(tmp_path: Path) -> None:
    bank = HandBank()
    for name, back in (("甲一苇", 40), ("乙一苇", 90), ("丙一苇", 10)):
        bank.person(name, name)
        _tried(bank, name, "wecom", "replied", on=DAY - timedelta(days=back))
        _tried(bank, name, "sms", "delivered", on=DAY - timedelta(days=2))
    said = bank.made(tmp_path, stages=CONTACT).said("我有哪些客户好久没联系了")
    lines = said.splitlines()
    assert lines[1].startswith("1. 乙一苇｜90 天没联系上")
    assert lines[2].startswith("2. 甲一苇｜40 天没联系上")
    assert "丙一苇" not in said


def test_the_neglected_of_a_class_are_all_of_that_class(insight_bank: Made) -> None:
    tiers = {row["customer_id"]: row["tier"] for row in insight_bank.rows("classes")}
    rm = insight_bank.data.parent / "files" / "persons.csv"
    owner = sorted({line.split(",")[19] for line in rm.read_text(encoding="utf-8").splitlines()[1:] if line.split(",")[19]})[0]
    for text in ("我有哪些潜力客户好久没联系了", "哪些成长级客户被冷落了"):
        report = insight_bank.reports(text, by=f"rm:{owner}")[0]
        assert report["intent"] == "list_neglected"
        shown = [
            button["payload"].partition(":")[2]
            for reply in report["replies"]
            for button in reply["buttons"]
            if button["label"] != NEXT_PAGE
        ]
        assert shown
        assert {tiers[one] for one in shown} == {"growth"}


def test_the_best_hours_lie_within_the_allowed_ones(tmp_path: Path) -> None:
    bank = HandBank().person("A", "赵一苇")
    friday = date(2026, 11, 20)
    for number in range(14):
        bank.add(
            "app_events", event_id=f"E{number}", customer_id="A", kind="login",
            at=f"{friday - timedelta(days=7 * (number % 7) + number // 7)}T20:1{number % 10}:00+08:00",
        )  # fmt: skip
    for number in range(20):
        bank.add("app_events", event_id=f"N{number}", customer_id="A", kind="login", at=f"{DAY - timedelta(days=number)}T23:30:00+08:00")
    made = bank.made(tmp_path, stages=CONTACT)
    said = made.said("什么时候找赵一苇最好")
    assert "工作日 19–21点" in said
    assert "34 次登录里 14 次" in said
    assert "20 次在免打扰时段" in said
    assert made.said("赵一苇什么时候方便") == said


@given(
    st.lists(
        st.fixed_dictionaries(
            {"weekend": st.booleans(), "hour": st.integers(0, 23), "logins": st.integers(0, 9), "tried": st.just(0), "answered": st.just(0)}
        ),
        max_size=30,
    )
)
def test_no_window_ever_leaves_the_allowed_hours(rows: list[dict[str, object]]) -> None:
    found = hours(rows, opens=9, closes=21)
    assert all(9 <= one.start < one.end <= 21 for one in found.windows)
    assert sum(one.logins for one in found.windows) + found.quiet <= found.logins


def test_equals_are_taken_in_a_fixed_order() -> None:
    rows = [_ROW | {"channel": name, "probability": 0.2, "tried": 1, "answered": 0} for name in ("sms", "phone", "wecom", "email")]
    assert [one.channel for one in choices(rows)] == ["wecom", "phone", "email", "sms"]
    assert choices(rows) == choices(rows[::-1])
