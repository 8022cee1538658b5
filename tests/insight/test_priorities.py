"""The list of the day: tiers, one line a customer, shares, stability, answers that feed back (F05)."""

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from crm.priorities.definitions import definitions
from crm.priorities.planning import DONE, LATER, UNFIT, Reason, Said, plan
from tests.insight.kit import TODAY as DAY
from tests.insight.kit import HandBank, Made

_WHATS = tuple(definitions().reasons)
_reasons = st.lists(
    st.builds(
        lambda number, what, name, score: Reason(
            customer_id=f"C{number}",
            what=what,
            name=name if what == "opportunity" else "",
            tier=definitions().reasons[what].tier,
            score=score,
            row={},
        ),
        st.integers(0, 40),
        st.sampled_from(_WHATS),
        st.sampled_from(["fund", "insurance"]),
        st.sampled_from([0.0, 0.25, 0.5, 3.0]),
    ),
    max_size=80,
    unique_by=lambda one: (one.customer_id, one.what),
)


@given(_reasons, st.randoms(use_true_random=False))
def test_a_list_fits_is_in_order_and_does_not_depend_on_the_order_of_its_reasons(reasons: list[Reason], chance: random.Random) -> None:
    found = plan(reasons, (), day=DAY)
    assert len(found) <= definitions().capacity
    assert len({line.reason.customer_id for line in found}) == len(found)
    tiers = [line.reason.tier for line in found]
    assert tiers == sorted(tiers)
    products = Counter(line.reason.name for line in found if line.reason.what == "opportunity")
    assert all(count <= definitions().capacity * definitions().product_share for count in products.values())
    shuffled = list(reasons)
    chance.shuffle(shuffled)
    assert plan(shuffled, (), day=DAY) == found


@given(_reasons)
def test_what_is_answered_today_keeps_its_place(reasons: list[Reason]) -> None:
    found = plan(reasons, (), day=DAY)
    said = [_said(line.reason, DONE, DAY, 30) for line in found[:3]]
    after = plan(reasons, said, day=DAY)
    assert [line.reason for line in after] == [line.reason for line in found]
    assert [line.answer for line in after[:3]] == [DONE] * len(said)
    next_day = [line.reason for line in plan(reasons, said, day=DAY + timedelta(days=1))]
    assert not any(line.reason in next_day for line in found[:3])


def test_later_comes_back_tomorrow_and_done_when_its_rest_is_over() -> None:
    one = _reason("C1", "churn", 0.5)
    assert plan([one], [_said(one, LATER, DAY, 1)], day=DAY + timedelta(days=1))
    done = _said(one, DONE, DAY, 14)
    assert not plan([one], [done], day=DAY + timedelta(days=13))
    assert plan([one], [done], day=DAY + timedelta(days=14))


def test_what_colleagues_find_unfit_goes_back_among_its_like() -> None:
    fund, insurance = _reason("C1", "opportunity", 0.5, "fund"), _reason("C2", "opportunity", 0.4, "insurance")
    assert [line.reason for line in plan([fund, insurance], (), day=DAY)] == [fund, insurance]
    others = [_said(_reason(f"D{number}", "opportunity", 0.5, "fund"), UNFIT, DAY - timedelta(days=2), 90) for number in range(4)]
    assert [line.reason for line in plan([fund, insurance], others, day=DAY)] == [insurance, fund]
    reason = _reason("C3", "identity_expired", 1.0)
    assert plan([fund, reason], others, day=DAY)[0].reason == reason


def test_duty_comes_first_and_answers_in_a_word(tmp_path: Path) -> None:
    bank = HandBank()
    bank.person("A", "程一苇", birth_date=f"1980-{DAY + timedelta(days=2):%m-%d}")
    bank.person("B", "程二苇", identity_valid_until=(DAY - timedelta(days=3)).isoformat())
    bank.person("C", "程三苇").add("complaints", complaint_id="X1", customer_id="C", opened_at="2026-11-20T10:00:00+08:00")
    bank.person("D", "程四苇").add(
        "accounts", account_id="T1", customer_id="D", opened_on="2025-11-28", matures_on=(DAY + timedelta(days=5)).isoformat()
    )
    bank.person("E", "程五苇")
    made = bank.made(tmp_path)
    first, detail, done, again = made.turns("今天先做什么", "1", "完成", "今天我该先联系谁")
    lines = first.splitlines()
    assert [line.split("｜")[0] for line in lines[1:5]] == ["1. 程二苇", "2. 程三苇", "3. 程四苇", "4. 程一苇"]
    assert "程五苇" not in first
    assert all("；" in line and line.endswith("分钟") for line in lines[1:5])
    assert "①" in detail
    assert "②" in detail
    assert "开场" in detail
    assert "记为完成。下一件：程三苇" in done
    assert "1. ✓完成 程二苇" in again
    assert "已处理 1 件" in again
    tomorrow = datetime.combine(DAY + timedelta(days=1), datetime.min.time(), tzinfo=UTC) + timedelta(hours=2)
    assert "程二苇" not in made.said("给我看看优先清单", at=tomorrow)
    assert "推到明天" in made.turns("今天先做什么", "2推迟", at=tomorrow)[1]


def test_each_condition_makes_its_line_and_without_it_there_is_none(tmp_path: Path) -> None:
    bank = HandBank()
    bank.person("A", "程一苇", identity_valid_until=(DAY + timedelta(days=200)).isoformat())
    bank.person("C", "程三苇").add(
        "complaints", complaint_id="X1", customer_id="C", opened_at="2026-11-01T10:00:00+08:00", resolved_at="2026-11-05T10:00:00+08:00"
    )
    bank.person("D", "程四苇").add(
        "accounts", account_id="T1", customer_id="D", opened_on="2025-11-28", matures_on=(DAY + timedelta(days=60)).isoformat()
    )
    bank.person("F", "程六苇", birth_date=f"1980-{DAY - timedelta(days=2):%m-%d}")
    bank.person("G", "程七苇", identity_valid_until="2026-10-01", status="closed")
    assert "没有要您先办的事" in bank.made(tmp_path).said("今天先做什么")


def test_the_same_bank_and_day_give_the_same_list(insight_bank: Made) -> None:
    files = insight_bank.data.parent / "files" / "staff.csv"
    rm = next(line.split(",")[0] for line in files.read_text(encoding="utf-8").splitlines() if ",rm," in line)
    first, second = (insight_bank.turns("今天先做什么", "下一页", by=f"rm:{rm}") for _ in range(2))
    assert first == second
    assert first[0].startswith("今天 15 件")


def _reason(customer: str, what: str, score: float, name: str = "") -> Reason:
    return Reason(customer_id=customer, what=what, name=name, tier=definitions().reasons[what].tier, score=score, row={})


def _said(reason: Reason, answer: str, on: date, days: int) -> Said:
    until = on + timedelta(days=days)
    return Said(customer_id=reason.customer_id, what=reason.what, name=reason.name, answer=answer, on=on, until=until)
