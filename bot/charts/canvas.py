"""A sheet to draw on, in the colours of the house and with a Chinese font that comes from a package, whatever the machine has.

Figures are made without `pyplot`, so that threads do not share one. The same drawing gives the same bytes.
"""

import io
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

INK, QUIET, PAPER = "#22313f", "#8a97a5", "#ffffff"
BLUE, GREEN, AMBER, RED, GREY = "#2f6fb2", "#3f8f6b", "#d08a2e", "#b5473c", "#e6ebf0"
#: Lights that people with any colour vision tell apart; pictures write beside them what they mean.
LIGHT_COLOURS = {"green": "#1b9e77", "amber": "#f0b429", "red": "#a3262a", "none": "#c4ccd4"}
_DPI = 150


def sheet(width: float, height: float) -> "Figure":
    """An empty figure of so many inches; a phone shows six wide without scrolling."""
    from matplotlib.figure import Figure  # lazy: half a second and 60 MB that only pictures pay

    return Figure(figsize=(width, height), dpi=_DPI, facecolor=PAPER)


def words(size: float) -> "FontProperties":
    """The font at a size in points."""
    from matplotlib.font_manager import FontProperties

    return FontProperties(fname=_font(), size=size)


def png(figure: "Figure") -> bytes:
    """The figure as a PNG, without the name and time of what drew it."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    FigureCanvasAgg(figure)
    buffer = io.BytesIO()
    nothing: dict[str, Any] = {"Software": None}
    figure.savefig(buffer, format="png", metadata=nothing)
    return buffer.getvalue()


@cache
def _font() -> str:
    from cvttf_NotoSansCJK_Regular import get_TTF_path

    return str(get_TTF_path())
