"""Pictures of trends show what was judged; what is not known is not drawn as nothing, and amounts only where they were given."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bot.charts import bars, curve, dimensions
from bot.charts.layers import Edge, Layers, Node, figure_of, wrapped
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


def test_a_need_graph_is_read_on_a_phone_and_nothing_leaves_its_box() -> None:
    from matplotlib.patches import FancyBboxPatch
    from matplotlib.text import Text

    long = Node(id="e1", title="常看外汇汇率（14次，近13周）并且一直在问什么时候结汇最合适", below="2026-11-20")
    evidence = (long, *(Node(id=f"e{number}", title="有进出口经营权", below="2026-11-01") for number in range(2, 7)))
    needs = (Node(id="n1", title="外汇套期保值", below="83%"),)
    products = tuple(Node(id=f"p{number}", title="云桥外汇避险组合方案", below="外汇 P-303") for number in range(7))
    columns = (("证据", evidence), ("需求", needs), ("产品", products))
    edges = (Edge(begin="e1", end="n1", share=1.0), Edge(begin="n1", end="p6", share=0.3))
    figure = figure_of(Layers(title="华贸进出口有限公司 · 需求图谱", note="截至 2026-11-23，线越粗越要紧", columns=columns, edges=edges))

    phone = 360 / figure.get_figwidth() / 72  # pixels of a point where the whole width is 360
    texts = [one for one in figure.findobj(Text) if one.get_text()]
    assert min(one.get_fontsize() for one in texts) * phone >= 11
    figure.draw_without_rendering()
    sheet = figure.bbox
    boxes = [one.get_window_extent() for one in figure.findobj(FancyBboxPatch)]
    assert len(boxes) == 14
    for text in texts:
        extent = text.get_window_extent()
        assert sheet.x0 <= extent.x0 < extent.x1 <= sheet.x1, text.get_text()
        inside = [box for box in boxes if box.x0 < (extent.x0 + extent.x1) / 2 < box.x1 and box.y0 < (extent.y0 + extent.y1) / 2 < box.y1]
        assert all(box.x0 <= extent.x0 and extent.x1 <= box.x1 for box in inside), text.get_text()
    assert not any(one.overlaps(other) for number, one in enumerate(boxes) for other in boxes[:number])


@given(st.text("汇率（14）P-301，有进出口经营权", min_size=1, max_size=40), st.integers(4, 12), st.integers(1, 4))
def test_long_titles_are_broken_and_lose_nothing_but_what_the_ellipsis_says(text: str, room: int, most: int) -> None:
    lines = wrapped(text, room, most)
    assert len(lines) <= most
    whole = "".join(lines)
    assert whole == text or (whole.endswith("…") and text.startswith(whole[:-1]))
