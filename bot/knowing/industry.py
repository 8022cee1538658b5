"""The business of a company from the last run, its evidence of needs and the tags that somebody set or struck."""

from collections.abc import Sequence
from datetime import date

from crm.industry.view import IndustryView, Seen, Sign, industry_views
from crm.needs.charted import Charted
from crm.needs.definitions import NO_CONSENT, PROFILING
from crm.tags.view import TagView
from domain.ports import Insight
from domain.tags import TagSource

_SAID = {TagSource.RM: "客户经理标注", TagSource.DECLARED: "客户自述"}


def industries_of(insight: Insight, customer_id: str, *, on: date, chart: Charted, tags: Sequence[TagView]) -> tuple[IndustryView, ...]:
    """What the company is taken for. Evidence that the chart leaves out, as consent was taken back, is left out here too."""
    seen = {
        name: Seen(text=signal.said, source=_source(signal.consent), on=signal.last_on, value=signal.value)
        for name, signal in chart.known.items()
    }
    said = {
        tag.tag: Sign(source=_SAID[tag.source], text=tag.evidence, on=tag.on, worth=(tag.confidence or 0) / 100)
        for tag in reversed(tags)
        if tag.source in _SAID and not tag.contested
    }
    denied = {tag.tag for tag in tags if tag.contested} - said.keys()
    return industry_views(insight.of("industry_signs", customer_id, on=on), seen, said=said, denied=denied)


def _source(consent: str) -> str:
    return "往来推断" if consent in (NO_CONSENT, PROFILING) else "外部登记"
