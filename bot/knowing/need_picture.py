"""The need graph as a picture under the name of the customer: evidence, needs, products."""

from bot.charts.layers import Edge, Layers, Node
from crm.needs.charted import Charted
from crm.needs.definitions import category_title
from crm.needs.graph import NeedView

_NEEDS, _PARTS, _EVIDENCE, _OFFERS = 4, 3, 6, 2
_WEAK_FROM = 0.2


def pictured(chart: Charted) -> Layers | None:
    """What is drawn of a graph; None where there is nothing to draw."""
    views = [view for view in chart.views if view.probability >= _WEAK_FROM][:_NEEDS]
    if not views:
        return None
    shown = list(dict.fromkeys(part.signal.evidence for view in views for part in view.parts[:_PARTS]))[:_EVIDENCE]
    offers = {view.definition.id: chart.serving(view, _OFFERS) for view in views}
    sold = dict.fromkeys(offer for found in offers.values() for offer in found)
    evidence = tuple(Node(id=name, title=chart.said(chart.known[name]), below=_day(chart, name)) for name in shown)
    needs = tuple(
        Node(id=f"need {view.definition.id}", title=view.definition.title, below=f"{round(view.probability * 100)}%") for view in views
    )
    products = tuple(Node(id=f"product {code}", title=name, below=f"{category_title(category)} {code}") for category, code, name in sold)
    return Layers(
        title=f"{chart.name} · 需求图谱",
        note=f"截至 {chart.day}，线越粗越要紧",
        columns=(("证据", evidence), ("需求", needs), ("产品", products)),
        edges=(
            *(_carried(view, name) for view in views for name in shown if _carries(view, name)),
            *(Edge(begin=f"need {need}", end=f"product {code}", share=0.3) for need, found in offers.items() for _, code, _ in found),
        ),
    )


def _day(chart: Charted, name: str) -> str:
    on = chart.known[name].last_on
    return f"{on:%Y-%m-%d}" if on else ""


def _carries(view: NeedView, name: str) -> bool:
    return any(part.signal.evidence == name for part in view.parts)


def _carried(view: NeedView, name: str) -> Edge:
    """As thick as the need would lose without it."""
    part = next(part for part in view.parts if part.signal.evidence == name)
    return Edge(begin=name, end=f"need {view.definition.id}", share=part.drop)
