"""Groups as bars of parts: how many of each, written into the part; what may not be shown is hatched."""

from dataclasses import dataclass

from bot.charts.canvas import INK, LIGHT_COLOURS, PAPER, QUIET, png, sheet, words
from bot.charts.frame import bare, headed

_ROW, _HEAD, _FOOT = 0.5, 1.35, 0.25  # inches
_PER_LINE = 12  # characters of a title


@dataclass(frozen=True, slots=True, kw_only=True)
class Stacked:
    """`rows` have a title, a count a part (None for one that is left out) and what is written behind the bar.

    `parts` have a name and a colour of the lights.
    """

    title: str
    note: str
    parts: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, tuple[int | None, ...], str], ...]
    hidden: int  # how wide a part that is left out is drawn


def drawn(chart: Stacked) -> bytes:
    """The picture as a PNG."""
    height = _HEAD + _ROW * max(len(chart.rows), 2) + _FOOT
    figure = sheet(6.4, height)
    headed(figure, chart.title, chart.note, height=height)
    axes = figure.add_axes((0.31, _FOOT / height, 0.65, (height - _HEAD - _FOOT) / height))
    bare(axes)
    axes.spines["bottom"].set_visible(False)
    axes.set_xticks([])
    widest = max((sum(chart.hidden if count is None else count for count in counts) for _, counts, _ in chart.rows), default=1)
    axes.set(xlim=(0.0, widest * 1.14), ylim=(max(len(chart.rows), 2) - 0.5, -0.5))
    for place, (title, counts, whole) in enumerate(chart.rows):
        axes.text(-widest * 0.02, place, _broken(title), fontproperties=words(10), color=INK, ha="right", va="center", linespacing=1.1)
        begin = 0
        for (_, light), count in zip(chart.parts, counts, strict=True):
            wide = chart.hidden if count is None else count
            if not wide:
                continue
            colour = PAPER if count is None else LIGHT_COLOURS[light]
            axes.barh(
                place,
                wide,
                left=begin,
                height=0.62,
                color=colour,
                edgecolor=QUIET if count is None else PAPER,
                hatch="////" if count is None else "",
            )
            if count is not None and wide > widest * 0.055:
                ink = INK if light in ("amber", "none") else PAPER
                axes.text(begin + wide / 2, place, f"{count}", fontproperties=words(9.5), color=ink, ha="center", va="center")
            begin += wide
        axes.text(begin + widest * 0.02, place, whole, fontproperties=words(10), color=QUIET, va="center")
    for place, (name, light) in enumerate(chart.parts):
        across = 0.04 + 0.17 * place
        figure.text(across, 1 - 0.98 / height, "■", fontproperties=words(11), color=LIGHT_COLOURS[light], va="center")
        figure.text(across + 0.035, 1 - 0.98 / height, name, fontproperties=words(9.5), color=INK, va="center")
    return png(figure)


def _broken(title: str) -> str:
    """In two lines where it would not fit on one, at the bracket if there is one."""
    if len(title) <= _PER_LINE:
        return title
    bracket = title.find("（")
    cut = bracket if bracket > 0 else (len(title) + 1) // 2
    return f"{title[:cut]}\n{title[cut:]}"
