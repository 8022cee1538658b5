"""The stages of a relation by the clock: half open, calendar months, clock hours on the bank's clock."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.days import BANK_ZONE
from crm.lifecycle.machine import LifeStage, by_tenure, stage_of


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BANK_ZONE)


@pytest.mark.parametrize(
    ("opened", "at", "stage"),
    [
        ("2026-11-23 10:00", "2026-11-26 09:59:59", LifeStage.ICEBREAK),
        ("2026-11-23 10:00", "2026-11-26 10:00:00", LifeStage.BRIDGE),
        ("2026-11-23 10:00", "2026-11-26 10:00:01", LifeStage.BRIDGE),
        ("2026-11-23 10:00", "2027-02-23 09:59:59", LifeStage.BRIDGE),
        ("2026-11-23 10:00", "2027-02-23 10:00:00", LifeStage.GROWTH),
        ("2026-11-23 10:00", "2027-11-23 09:59:59", LifeStage.GROWTH),
        ("2026-11-23 10:00", "2027-11-23 10:00:00", LifeStage.MATURE),
        ("2026-11-30 08:00", "2027-02-28 07:59:59", LifeStage.BRIDGE),
        ("2026-11-30 08:00", "2027-02-28 08:00:00", LifeStage.GROWTH),
        ("2027-11-30 08:00", "2028-02-29 07:59:59", LifeStage.BRIDGE),
        ("2028-02-29 12:00", "2029-02-28 12:00:00", LifeStage.MATURE),
        ("2026-11-23 00:30", "2027-02-22 23:59:59", LifeStage.BRIDGE),
    ],
)
def test_a_stage_begins_and_ends_to_the_second(opened: str, at: str, stage: LifeStage) -> None:
    assert by_tenure(_at(opened), _at(at)).stage is stage


def test_the_day_is_the_banks_and_not_that_of_greenwich() -> None:
    opened = datetime(2026, 1, 30, 17, 0, tzinfo=UTC)  # already the 31st at the bank
    assert by_tenure(opened, datetime(2026, 4, 29, 17, 0, tzinfo=UTC)).stage is LifeStage.GROWTH
    assert by_tenure(opened, datetime(2026, 4, 29, 16, 59, tzinfo=UTC)).stage is LifeStage.BRIDGE


@given(opened=st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1)), after=st.integers(0, 3 * 366 * 86_400))
def test_every_instant_lies_in_its_stage_and_stages_only_go_on(opened: datetime, after: int) -> None:
    began = opened.replace(tzinfo=BANK_ZONE)
    at = began + timedelta(seconds=after)
    found = by_tenure(began, at)
    assert found.since <= at
    assert found.until is None or at < found.until
    if found.until is not None:
        order = list(LifeStage)
        assert order.index(by_tenure(began, found.until).stage) == order.index(found.stage) + 1


def test_an_end_counts_before_a_loss_and_a_loss_before_a_warning_which_new_customers_never_have() -> None:
    assert stage_of(LifeStage.MATURE, closed=True, gone=True, warned=True) is LifeStage.CLOSED
    assert stage_of(LifeStage.MATURE, closed=False, gone=True, warned=True) is LifeStage.LOST
    assert stage_of(LifeStage.MATURE, closed=False, gone=False, warned=True) is LifeStage.WARNING
    assert stage_of(LifeStage.BRIDGE, closed=False, gone=False, warned=True) is LifeStage.BRIDGE
