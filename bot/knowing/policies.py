"""How classes of customers are served, as the records say at an instant: for the scheduler, lists of the neglected, and answers."""

from collections.abc import Sequence
from datetime import datetime

from crm.segmentation.policies import ServicePolicy, tiers
from crm.segmentation.policies import policy_for as of_edits
from domain.ports import Records


def policy_for(records: Records, tier: str, *, at: datetime) -> ServicePolicy:
    """The policy of one class. Raises KeyError for a class that there is not."""
    return of_edits(records.policies.edits(at=at), tier)


def policies(records: Records, *, at: datetime) -> Sequence[ServicePolicy]:
    """Those of all classes."""
    edits = records.policies.edits(at=at)
    return [of_edits(edits, tier) for tier in tiers()]
