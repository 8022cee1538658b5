"""Who may say what of a customer's tags: customers of themselves, staff of those whom they may serve today. Anything else is not kept."""

from datetime import datetime

from bot.authority import may_serve
from compliance.days import bank_day
from domain.effects import AnswerTagUse, ContestTag, RecordTag
from domain.party import Party, Role
from domain.ports import Records
from domain.tags import CustomerTag, TagSource


def keep(records: Records, effect: RecordTag, *, by: Party, at: datetime) -> bool:
    """Keep a tag, if the speaker may say so. What the customer answered on its use stays."""
    source = _source(records, effect.customer_id, by, at=at)
    if source is None or source is not effect.source:
        return False
    before = next((one for one in records.tags.of(effect.customer_id) if (one.tag, one.source) == (effect.tag, source)), None)
    records.tags.record(
        CustomerTag(
            customer_id=effect.customer_id,
            tag=effect.tag,
            source=source,
            confidence=effect.confidence,
            evidence=effect.evidence,
            by=str(by),
            at=at,
            until=effect.until,
            marketing=before.marketing if before else None,
        )
    )
    return True


def contest(records: Records, effect: ContestTag, *, by: Party, at: datetime) -> bool:
    """Mark a tag as wrong, if the speaker may say so; one that is kept nowhere, because it was inferred, is kept as contested."""
    source = _source(records, effect.customer_id, by, at=at)
    if source is None:
        return False
    if not records.tags.contest(effect.customer_id, effect.tag, by=str(by), at=at):
        records.tags.record(
            CustomerTag(
                customer_id=effect.customer_id,
                tag=effect.tag,
                source=source,
                confidence=0,
                evidence=effect.evidence,
                by=str(by),
                at=at,
                until=at,
                contested_at=at,
                contested_by=str(by),
            )
        )
    return True


def keep_use(records: Records, effect: AnswerTagUse, *, by: Party) -> bool:
    """Keep the customer's own answer on the use of a tag."""
    if by != Party(Role.CUSTOMER, effect.customer_id):
        return False
    return records.tags.answer_marketing(effect.customer_id, effect.tag, granted=effect.granted) > 0


def _source(records: Records, customer_id: str, by: Party, *, at: datetime) -> TagSource | None:
    """As what the speaker's word on this customer counts; None where it does not."""
    if by == Party(Role.CUSTOMER, customer_id):
        return TagSource.DECLARED
    staff = records.book.staff(by.id) if by.role.is_staff else None
    customer = records.book.customer(customer_id)
    if staff is None or customer is None or not may_serve(records.book, staff, customer, on=bank_day(at)):
        return None
    return TagSource.RM
