"""A line over time that starts at its first value; the first and the last value are written beside it."""

from dataclasses import dataclass

from bot.charts.canvas import BLUE, GREY, INK, png, words
from bot.charts.frame import framed


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """`points` have a label, a value and how the value is said. `level` is a thin line to compare with."""

    title: str
    note: str
    points: tuple[tuple[str, float, str], ...]
    level: float


def drawn(chart: Curve) -> bytes:
    """The picture as a PNG."""
    figure, axes = framed(chart.title, chart.note)
    values = [value for _, value, _ in chart.points]
    low, high = min([*values, chart.level]), max([*values, chart.level])
    room = max(high - low, abs(high) * 0.1, 1.0)
    axes.set(xlim=(-0.6, len(values) - 0.4), ylim=(low - room * 0.15, high + room * 0.25))
    axes.axhline(chart.level, color=GREY, linewidth=1.2)
    axes.plot(range(len(values)), values, color=BLUE, linewidth=2.2, marker="o", markersize=4)
    ends = {0, len(values) - 1, values.index(max(values)), values.index(min(values))}
    for place in sorted(ends):
        align = "left" if place == 0 and len(values) > 1 else "right" if place == len(values) - 1 and len(values) > 1 else "center"
        axes.text(place, values[place] + room * 0.06, chart.points[place][2], fontproperties=words(10), color=INK, ha=align, va="bottom")
    step = 1 if len(values) <= 7 else 3
    shown = [place for place in range(len(values)) if (len(values) - 1 - place) % step == 0]
    axes.set_xticks(shown, [chart.points[place][0] for place in shown], fontproperties=words(9))
    return png(figure)
