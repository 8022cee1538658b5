"""What every chart of numbers has: a title, a line below it, and axes without clutter."""

from typing import TYPE_CHECKING

from bot.charts.canvas import GREY, INK, QUIET, sheet, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH, HEIGHT = 6.4, 3.8
_TITLE, _NOTE = 13, 9.5


def framed(title: str, note: str, *, height: float = HEIGHT) -> "tuple[Figure, Axes]":
    """A figure with its head, and the axes to draw on."""
    figure = sheet(WIDTH, height)
    headed(figure, title, note, height=height)
    axes = figure.add_axes((0.09, 0.42 / height, 0.87, (height - 1.35) / height))
    bare(axes)
    return figure, axes


def headed(figure: "Figure", title: str, note: str, *, height: float) -> None:
    """Write the head of a figure so many inches high."""
    figure.text(0.04, 1 - 0.3 / height, title, fontproperties=words(_TITLE), color=INK, va="center")
    figure.text(0.04, 1 - 0.62 / height, note, fontproperties=words(_NOTE), color=QUIET, va="center")


def bare(axes: "Axes") -> None:
    """Only the line at the bottom stays."""
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(GREY)
    axes.tick_params(length=0, colors=QUIET)
    axes.set_yticks([])
