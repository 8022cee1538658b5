"""Bars over time with a line for what is usual: the recent ones strong, the earlier ones pale, the unknown ones left out."""

from dataclasses import dataclass

from bot.charts.canvas import BLUE, INK, PAPER, QUIET, RED, png, words
from bot.charts.frame import framed

_PALE = "#a9c4e0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """`value` None is not known, and said to be so."""

    label: str
    value: float | None
    strong: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """What is drawn. `line` stands at what is usual, `line_label` says so."""

    title: str
    note: str
    bars: tuple[Bar, ...]
    line: float | None
    line_label: str


def drawn(chart: Bars) -> bytes:
    """The picture as a PNG."""
    figure, axes = framed(chart.title, chart.note)
    most = max([*(bar.value or 0.0 for bar in chart.bars), chart.line or 0.0, 1.0])
    axes.set(xlim=(-0.7, len(chart.bars) - 0.3), ylim=(0.0, most * 1.18))
    for place, bar in enumerate(chart.bars):
        if bar.value is None:
            axes.text(place, most * 0.03, "无", fontproperties=words(8), color=QUIET, ha="center", va="bottom")
            continue
        axes.bar(place, bar.value, width=0.72, color=BLUE if bar.strong else _PALE)
        axes.text(
            place,
            bar.value + most * 0.02,
            f"{bar.value:.0f}",
            fontproperties=words(8.5),
            color=INK,
            ha="center",
            va="bottom",
            bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.8},
        )
    if chart.line is not None:
        axes.axhline(chart.line, color=RED, linewidth=1.3, linestyle=(0, (5, 3)), zorder=0)
        figure.text(0.96, 1 - 0.3 / 3.8, chart.line_label, fontproperties=words(9.5), color=RED, ha="right", va="center")
    shown = [place for place in range(len(chart.bars)) if (len(chart.bars) - 1 - place) % 3 == 0]
    axes.set_xticks(shown, [chart.bars[place].label for place in shown], fontproperties=words(9))
    return png(figure)
