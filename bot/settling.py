"""What the ledger writes when a row has ended: the line that was said, the audit record, and the task where a person must look.

For the door, and for channels that learn later than at the sending what became of a text.
"""

from datetime import datetime

from bot.charts.shelf import reference
from domain.audit import AuditRecord
from domain.party import Role
from domain.ports import Line, OutboxRow, Records


def record_sent(records: Records, row: OutboxRow, *, text: str, at: datetime, rules: int) -> None:
    """Write down what was said, exactly as it left. The row itself is settled by the caller, in the same transaction."""
    draft = row.draft
    records.conversations.hold(row.conversation_id)  # lines of one conversation are numbered in the order of commits
    records.tasks.close(_delivery_key(row), at=at)  # somebody gave it up as unknown meanwhile, and now it is known
    records.transcript.add(
        Line(
            id=0,
            conversation_id=row.conversation_id,
            at=at,
            author=str(draft.author),
            kind=draft.kind.value,
            text=text,
            buttons=tuple((button.label, button.payload) for button in draft.buttons),
            links=tuple((link.label, link.url) for link in draft.links),
            ai_generated=draft.ai_generated,
            card_ids=draft.card_ids,
            media=reference(draft.image),
        )
    )
    record(records, row, "outbound.sent", at=at, rules=str(rules))


def record(records: Records, row: OutboxRow, action: str, *, at: datetime, rules: str = "") -> None:
    """Write into the audit what became of a row."""
    draft = row.draft
    detail = (("trace", row.trace_id), ("outbox", str(row.id)), ("rules", rules))
    records.audit.append(
        AuditRecord(at=at, actor=str(draft.author), action=action, subject=str(draft.to), purpose=draft.purpose.value, detail=detail)
    )


def open_delivery_task(records: Records, row: OutboxRow, *, status: str, at: datetime) -> None:
    """Ask a person to look after a text that did not arrive, or of which nobody knows."""
    said = "不确定是否送达，请核对后再联系客户，不要直接重发" if status == "unknown" else "没有送达，请换一种方式联系"
    records.tasks.open(
        key=_delivery_key(row),
        kind="delivery",
        title=f"一条消息{said.split('，')[0]}",
        detail=f"渠道 {row.channel}，出站编号 {row.id}：{said}。",
        at=at,
        customer_id=row.draft.to.id if row.draft.to.role is Role.CUSTOMER else None,
        conversation_id=row.conversation_id,
        urgency="high",
    )


def _delivery_key(row: OutboxRow) -> str:
    return f"delivery/{row.id}"
