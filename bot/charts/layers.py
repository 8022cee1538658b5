"""A graph in columns, from left to right: nodes with a title and a line below it, edges as thick as they count.

Everything is measured in the pixels of a phone that shows the whole width (360): no letter is smaller than 11 of them, and what is long
grows downwards.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.charts.canvas import AMBER, BLUE, GREEN, INK, PAPER, png, sheet, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLOURS = (BLUE, AMBER, GREEN, INK)
_PHONE = 360.0  # pixels across
_INCHES = 7.2  # of the sheet: three of its pixels for each of the phone
_POINTS = _INCHES * 72 / _PHONE  # of a letter that is one pixel high
_HEADING, _LETTER = 14.0, 11.5
_LINE = 1.3 * _LETTER
_EDGE, _BETWEEN, _INSIDE, _GAP = 6.0, 24.0, 5.0, 12.0
_LINES = 4
_QUIETER = "#5b6a78"  # small grey letters want more contrast than large ones
_NO_BEGINNING = "，。、；：！？）】》%,.;:!?)]"
_NO_END = "（《【“([ "
_PIECES = re.compile(r"[A-Za-z0-9.%\-]+|.")


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Box:
    """Where a node stands: its middle, and how tall it is."""

    across: float
    down: float
    tall: float
    lines: tuple[str, ...]


def drawn(layers: Layers) -> bytes:
    """The picture as a PNG."""
    return png(figure_of(layers))


def figure_of(layers: Layers) -> "Figure":
    """The same before it is made into bytes."""
    wide = _box_width(len(layers.columns))
    head = [*wrapped(layers.title, (_PHONE - 2 * _EDGE) / _HEADING, 2)]
    top = _EDGE + len(head) * _HEADING * 1.3 + _LINE + _GAP + _LINE + _GAP / 2
    boxes, bottom = _boxes(layers.columns, wide, top)
    figure = sheet(_INCHES, bottom * _INCHES / _PHONE)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set(xlim=(0.0, _PHONE), ylim=(bottom, 0.0))
    axes.axis("off")
    for number, line in enumerate(head):
        _text(axes, _EDGE, _EDGE + (number + 0.5) * _HEADING * 1.3, line, size=_HEADING, colour=INK, side="left")
    _text(axes, _EDGE, _EDGE + len(head) * _HEADING * 1.3 + _LINE / 2, layers.note, size=_LETTER, colour=_QUIETER, side="left")
    for edge in layers.edges:
        begin, end = boxes[edge.begin], boxes[edge.end]
        share = min(max(edge.share, 0.0), 1.0)
        _curve(axes, (begin.across + wide / 2, begin.down), (end.across - wide / 2, end.down), width=0.8 + 8 * share)
    for number, (heading, nodes) in enumerate(layers.columns):
        _text(axes, _across(number, wide), top - _GAP / 2 - _LINE / 2, heading, size=_LETTER, colour=_QUIETER)
        for node in nodes:
            _draw(axes, node, boxes[node.id], wide, _COLOURS[number % len(_COLOURS)])
    return figure


def wrapped(text: str, room: float, most: int) -> tuple[str, ...]:
    """At most so many lines of `room` Chinese letters each, about as long as each other.

    Words and numbers stay whole, brackets with what they hold, and what does not fit ends in an ellipsis.
    """
    lines = _filled(text, room)
    if len(lines) <= most:
        even = (_filled(text, length) for length in range(math.ceil(_length(text) / len(lines)), math.ceil(room)))
        return tuple(next((one for one in even if len(one) == len(lines)), lines))
    last = lines[most - 1]
    while _length(last) > room - 1:
        last = last[:-1]
    return (*lines[: most - 1], f"{last}…")


def _filled(text: str, room: float) -> list[str]:
    lines, line = [], ""
    for piece in _PIECES.findall(text):
        if line and _length(line + piece) > room and piece not in _NO_BEGINNING:
            kept = line.rstrip(_NO_END)
            lines.append(kept)
            line = line[len(kept) :]
        line += piece
    return [*lines, line]


def _length(text: str) -> float:
    return sum(0.6 if one.isascii() else 1.0 for one in text)


def _box_width(count: int) -> float:
    return (_PHONE - 2 * _EDGE - _BETWEEN * (count - 1)) / count


def _across(number: int, wide: float) -> float:
    return _EDGE + wide / 2 + number * (wide + _BETWEEN)


def _boxes(columns: Sequence[tuple[str, tuple[Node, ...]]], wide: float, top: float) -> tuple[Mapping[str, _Box], float]:
    """Every node of a column below the other, the columns around one middle; and where the sheet ends."""
    room = (wide - 2 * _INSIDE) / _LETTER
    shaped = [[(node, wrapped(node.title, room, _LINES)) for node in nodes] for _, nodes in columns]
    sizes = [[2 * _INSIDE + _LINE * (len(lines) + bool(node.below)) for node, lines in column] for column in shaped]
    height = max((sum(column) + _GAP * (len(column) - 1) for column in sizes if column), default=0.0)
    boxes = {}
    for number, (column, tall) in enumerate(zip(shaped, sizes, strict=True)):
        # What is left over goes between the boxes of a column and around it.
        space = _GAP + (height - sum(tall) - _GAP * (len(tall) - 1)) / (len(tall) + 1)
        down = top + space - _GAP
        for (node, lines), size in zip(column, tall, strict=True):
            boxes[node.id] = _Box(across=_across(number, wide), down=down + size / 2, tall=size, lines=lines)
            down += size + space
    return boxes, top + height + _EDGE


def _curve(axes: "Axes", begin: tuple[float, float], end: tuple[float, float], *, width: float) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    middle = (begin[0] + end[0]) / 2
    path = Path([begin, (middle, begin[1]), (middle, end[1]), end], [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4])
    axes.add_patch(PathPatch(path, facecolor="none", edgecolor="#b9c6d3", linewidth=width, capstyle="butt", zorder=1))


def _draw(axes: "Axes", node: Node, box: _Box, wide: float, colour: str) -> None:
    from matplotlib.patches import FancyBboxPatch

    left, up = box.across - wide / 2, box.down - box.tall / 2
    shape = FancyBboxPatch(
        (left, up),
        wide,
        box.tall,
        boxstyle="round,pad=0,rounding_size=4",
        facecolor=PAPER,
        edgecolor=colour,
        linewidth=1.6,
        zorder=2,
    )
    axes.add_patch(shape)
    for number, line in enumerate((*box.lines, *((node.below,) if node.below else ()))):
        colour_of = INK if number < len(box.lines) else _QUIETER
        _text(axes, box.across, up + _INSIDE + (number + 0.5) * _LINE, line, size=_LETTER, colour=colour_of)


def _text(axes: "Axes", across: float, down: float, text: str, *, size: float, colour: str, side: str = "center") -> None:
    axes.text(across, down, text, fontproperties=words(size * _POINTS), color=colour, ha=side, va="center", zorder=3)
