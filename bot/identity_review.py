"""Doubtful pairs of customers before a person, and what the person says of them."""

from collections.abc import Sequence
from datetime import datetime

from crm.measuring.identities import IdentityLink, with_decisions
from domain.audit import AuditRecord
from domain.errors import BadInput
from domain.identity import IdentityDecision
from domain.party import Party
from domain.ports import Records


def review_list(links: Sequence[IdentityLink], records: Records) -> tuple[IdentityLink, ...]:
    """The links of the snapshot as they stand after every decision, those that wait for one first."""
    decided = with_decisions(links, records.identities.decisions())
    return tuple(sorted(decided, key=lambda link: (link.status != "review", link.pair)))


def decide(records: Records, pair: tuple[str, str], *, same: bool, by: Party, at: datetime) -> None:
    """Keep the decision, close the task, leave a trace. Raises BadInput for an id that the bank does not know."""
    first, second = sorted(pair)
    for one in (first, second):
        if records.book.customer(one) is None:
            raise BadInput(f"the bank knows no customer {one[:60]}")
    if first == second:
        raise BadInput("give two different ids")
    records.identities.decide(IdentityDecision(first_id=first, second_id=second, same=same, decided_by=str(by), at=at))
    records.tasks.close(f"identity:{first}:{second}", at=at)
    detail = (("other", second), ("same", "yes" if same else "no"))
    records.audit.append(AuditRecord(at=at, actor=str(by), action="identity.decided", subject=first, purpose="data_quality", detail=detail))
