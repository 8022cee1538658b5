"""Pictures of trends show what was judged; what is not known is not drawn as nothing, and amounts only where they were given."""

from datetime import date, timedelta
from decimal import Decimal

from bot.charts import bars, curve, dimensions
from bot.knowing.drawing import chart_of, drawn
from crm.activity.trend import activity_trend_of
from crm.features.asset_trend import AssetTrend, asset_trend_of
from crm.health.trend import health_trend_of
from crm.segmentation.overview import overview_of
from handlers.trend_text import activity_trend_text, asset_trend_text, health_trend_text

DAY = date(2026, 11, 23)
PNG = b"\x89PNG\r\n\x1a\n"
MONTHS = [{"month": date(2026, month, 1), "average": Decimal(month * 100_000)} for month in range(4, 12)]


def _assets(*, with_amounts: bool) -> AssetTrend:
    return asset_trend_of("A", MONTHS, as_of=DAY, with_amounts=with_amounts)


def test_weeks_before_the_feeds_are_unknown_and_quiet_weeks_are_nought() -> None:
    rows = [{"week": 1, "units": 250}, {"week": 5, "units": 1000}]
    trend = activity_trend_of("A", rows, activity={"a0": 24.0, "baseline_days": 84}, known_from=DAY - timedelta(days=60), as_of=DAY)
    chart = chart_of("程一苇", trend)
    assert isinstance(chart, bars.Bars)
    assert [bar.value for bar in chart.bars] == [None] * 5 + [0.0, 0.0, 10.0, 0.0, 0.0, 0.0, 2.5, 0.0]
    assert [bar.strong for bar in chart.bars] == [False] * 9 + [True] * 4
    assert chart.line == 2.0
    assert "比平时少 69%" in activity_trend_text("程一苇", trend)
    assert drawn(chart).startswith(PNG)


def test_assets_are_an_index_unless_the_viewer_may_see_money() -> None:
    closed, opened = chart_of("程一苇", _assets(with_amounts=False)), chart_of("程一苇", _assets(with_amounts=True))
    assert isinstance(closed, curve.Curve)
    assert isinstance(opened, curve.Curve)
    assert [round(value) for _, value, _ in closed.points] == [100, 125, 150, 175, 200, 225, 250, 275]
    assert "万" not in f"{closed}{asset_trend_text('程一苇', _assets(with_amounts=False))}"
    assert "110.0 万" in opened.note
    assert drawn(opened).startswith(PNG)


def test_months_before_the_first_money_are_not_drawn_and_a_fall_to_nothing_is() -> None:
    rows = [{"month": date(2026, month, 1), "average": Decimal(amount)} for month, amount in ((8, 0), (9, 500), (10, 250), (11, 0))]
    assert [month.index for month in asset_trend_of("A", rows, as_of=DAY, with_amounts=False).months] == [100.0, 50.0, 0.0]
    assert chart_of("程一苇", asset_trend_of("A", [], as_of=DAY, with_amounts=False)) is None


def test_a_dimension_without_data_is_drawn_as_no_data() -> None:
    days = [
        {"days_back": 0, "score": 39.6, "value": 70.0, "behaviour": 20.2, "satisfaction": None},
        {"days_back": 90, "score": None, "value": None, "behaviour": None, "satisfaction": None},
    ]
    trend = health_trend_of("A", days, as_of=DAY)
    chart = chart_of("程一苇", trend)
    assert isinstance(chart, dimensions.Dimensions)
    assert chart.rows == (("总分", 39.6, "red"), ("价值", 70.0, "green"), ("行为", 20.2, "red"), ("满意度", None, ""))
    assert "满意度 无数据" in health_trend_text("程一苇", trend)
    assert "08-25 无数据" in health_trend_text("程一苇", trend)
    assert drawn(chart).startswith(PNG)
    assert drawn(chart) == drawn(chart)


def test_a_book_is_drawn_and_an_empty_one_is_not() -> None:
    chart = chart_of("我的客户", overview_of({"A": "战略级"}, {"A": "red"}, as_of=DAY, suppress=False))
    assert chart is not None
    assert drawn(chart).startswith(PNG)
    assert chart_of("我的客户", overview_of({}, {}, as_of=DAY, suppress=False)) is None
