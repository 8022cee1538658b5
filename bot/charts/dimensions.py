"""One score made of dimensions: a bar for each, with the limits of the lights, and how the score moved."""

from dataclasses import dataclass

from bot.charts.canvas import BLUE, GREY, INK, LIGHT_COLOURS, QUIET, png, words
from bot.charts.frame import framed

_FULL = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimensions:
    """`rows` are titles with points of 0-100, None where there is no data; the first is the whole. `limits` are red's and green's."""

    title: str
    note: str
    rows: tuple[tuple[str, float | None, str], ...]
    trend: tuple[tuple[str, float | None], ...]
    limits: tuple[float, float]


def drawn(chart: Dimensions) -> bytes:
    """The picture as a PNG."""
    figure, axes = framed(chart.title, chart.note)
    axes.set_position((0.15, 0.13, 0.41, 0.6))
    axes.set(xlim=(0.0, _FULL * 1.16), ylim=(len(chart.rows) - 0.4, -0.6))
    for place, (title, value, light) in enumerate(chart.rows):
        axes.text(-4, place, title, fontproperties=words(10.5), color=INK, ha="right", va="center")
        axes.barh(place, _FULL, height=0.56, color=GREY)
        if value is None:
            axes.text(3, place, "无数据", fontproperties=words(9.5), color=QUIET, va="center")
            continue
        axes.barh(place, value, height=0.56, color=LIGHT_COLOURS[light] if light else BLUE)
        axes.text(_FULL + 3, place, f"{int(value)}", fontproperties=words(10.5), color=INK, va="center")
    red, green = chart.limits
    for limit in (red, green):
        axes.axvline(limit, color=QUIET, linewidth=0.9, linestyle=(0, (3, 3)))
    axes.set_xticks([red, green], [f"{red:.0f}", f"{green:.0f}"], fontproperties=words(8.5))
    axes.spines["bottom"].set_visible(False)
    side = figure.add_axes((0.65, 0.2, 0.3, 0.5))
    for name in ("top", "right", "left"):
        side.spines[name].set_visible(False)
    side.spines["bottom"].set_color(GREY)
    side.tick_params(length=0, colors=QUIET)
    side.set(xlim=(-0.5, max(len(chart.trend) - 0.5, 0.5)), ylim=(0, _FULL * 1.2))
    side.set_yticks([])
    known = [(place, value) for place, (_, value) in enumerate(chart.trend) if value is not None]
    side.plot([place for place, _ in known], [value for _, value in known], color=BLUE, linewidth=2, marker="o", markersize=5)
    for place, value in known:
        side.text(place, value + 7, f"{int(value)}", fontproperties=words(10), color=INK, ha="center")
    side.set_xticks(range(len(chart.trend)), [label for label, _ in chart.trend], fontproperties=words(9))
    side.set_title("总分走势", fontproperties=words(9.5), color=QUIET)
    return png(figure)
