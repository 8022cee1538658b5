"""Tags of the book as rows that the run of stages takes. Pure."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from compliance.days import bank_day
from crm.tags.definitions import definitions
from domain.tags import CustomerTag, TagSource


def projected(tags: Iterable[CustomerTag], *, refusing: frozenset[str]) -> list[dict[str, Any]]:
    """A row a tag. `refusing` are customers whose last word on recommendations is no.

    What customers said of themselves serves to recommend only once they agreed; where they said no it is left out altogether.
    """
    known = definitions().tags
    return [
        {
            "customer_id": one.customer_id,
            "tag": one.tag,
            "source": one.source.value,
            "confidence": one.confidence,
            "on": bank_day(one.at),
            "until": bank_day(one.until),
            "contested_on": bank_day(one.contested_at) if one.contested_at else None,
            "denied_until": bank_day(one.contested_at) + max(known[one.tag].lasts, timedelta(days=1)) if one.contested_at else None,
            "usable": (one.source is not TagSource.DECLARED or one.marketing is True) and one.customer_id not in refusing,
        }
        for one in tags
        if one.tag in known and (one.contested_at is not None or one.marketing is not False)
    ]
