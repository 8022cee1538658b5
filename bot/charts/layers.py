"""A graph in columns, from left to right: nodes with a title and a line below it, edges as thick as they count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.charts.canvas import AMBER, BLUE, GREEN, INK, PAPER, QUIET, png, sheet, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COLOURS = (INK, BLUE, AMBER, GREEN)
_WIDTH, _ROW, _HEAD = 8.4, 0.62, 1.0
_BOX = 0.19  # of the width
_PER_LINE = 13


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """`below` is said in small letters under the title."""

    id: str
    title: str
    below: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """`share` from 0 to 1 says how much it counts."""

    begin: str
    end: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Layers:
    """What is drawn. `columns` have a heading and nodes from top to bottom; an edge leads from a column to a later one."""

    title: str
    note: str
    columns: tuple[tuple[str, tuple[Node, ...]], ...]
    edges: tuple[Edge, ...]


def drawn(layers: Layers) -> bytes:
    """The picture as a PNG."""
    rows = max((len(nodes) for _, nodes in layers.columns), default=1)
    height = _HEAD + _ROW * max(rows, 2)
    figure = sheet(_WIDTH, height)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set(xlim=(0.0, 1.0), ylim=(0.0, height))
    axes.axis("off")
    axes.text(0.02, height - 0.3, layers.title, fontproperties=words(12), color=INK, va="center")
    axes.text(0.98, height - 0.3, layers.note, fontproperties=words(7.5), color=QUIET, va="center", ha="right")
    places = _places(layers.columns, height)
    for edge in layers.edges:
        (left, low), (right, high) = places[edge.begin], places[edge.end]
        share = min(max(edge.share, 0.0), 1.0)
        _curve(axes, (left + _BOX / 2, low), (right - _BOX / 2, high), width=0.6 + 4.4 * share)
    for number, (heading, nodes) in enumerate(layers.columns):
        colour = _COLOURS[number % len(_COLOURS)]
        axes.text(
            _across(number, len(layers.columns)), height - 0.72, heading, fontproperties=words(8), color=QUIET, ha="center", va="center"
        )
        for node in nodes:
            _box(axes, node, places[node.id], colour)
    return png(figure)


def _across(number: int, count: int) -> float:
    margin = 0.02 + _BOX / 2
    return margin + (1 - 2 * margin) * number / max(count - 1, 1)


def _places(columns: Sequence[tuple[str, tuple[Node, ...]]], height: float) -> Mapping[str, tuple[float, float]]:
    """Nodes of a column stand as far apart as the sheet allows, around its middle."""
    room = height - _HEAD
    return {
        node.id: (_across(number, len(columns)), room - room * (place + 0.5) / len(nodes) + 0.08)
        for number, (_, nodes) in enumerate(columns)
        for place, node in enumerate(nodes)
    }


def _curve(axes: "Axes", begin: tuple[float, float], end: tuple[float, float], *, width: float) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    middle = (begin[0] + end[0]) / 2
    path = Path([begin, (middle, begin[1]), (middle, end[1]), end], [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4])
    axes.add_patch(PathPatch(path, facecolor="none", edgecolor="#b9c6d3", linewidth=width, capstyle="round", zorder=1))


def _box(axes: "Axes", node: Node, place: tuple[float, float], colour: str) -> None:
    from matplotlib.patches import FancyBboxPatch

    across, up = place
    tall = _ROW * 0.78
    axes.add_patch(
        FancyBboxPatch(
            (across - _BOX / 2, up - tall / 2),
            _BOX,
            tall,
            boxstyle="round,pad=0,rounding_size=0.012",
            mutation_aspect=_WIDTH,
            facecolor=PAPER,
            edgecolor=colour,
            linewidth=1.1,
            zorder=2,
        )
    )
    lines = _broken(node.title)
    rise = 0.1 if node.below else 0.0
    axes.text(
        across, up + rise, "\n".join(lines), fontproperties=words(7.2), color=INK, ha="center", va="center", linespacing=1.1, zorder=3
    )
    if node.below:
        axes.text(across, up - 0.155, node.below, fontproperties=words(6.2), color=QUIET, ha="center", va="center", zorder=3)


def _broken(title: str) -> list[str]:
    """At most two lines; what does not fit is cut with an ellipsis."""
    if len(title) <= _PER_LINE:
        return [title]
    bracket = title.find("（")
    cut = bracket if 0 < bracket <= _PER_LINE and len(title) - bracket <= _PER_LINE else min((len(title) + 1) // 2, _PER_LINE)
    rest = title[cut:]
    return [title[:cut], rest if len(rest) <= _PER_LINE else f"{rest[: _PER_LINE - 1]}…"]
