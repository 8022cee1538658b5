"""A turn as JSON: what was said, why, and what it did. The shape that scripts and graders read (docs/architecture.md)."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime
from enum import Enum
from typing import Any

from bot.inbound import TurnOutcome
from bot.outbound import Dispatch
from domain.effects import Effect, Say
from domain.message import Approved, Draft
from domain.party import Party

Json = dict[str, Any]


def turn_report(outcome: TurnOutcome | None, dispatches: Sequence[Dispatch], *, ms: float) -> Json:
    """Describe one turn. `replies` are the texts that left in this conversation, as they left; `verdicts` all that the gate found."""
    if outcome is None:
        return {"replies": [], "intent": "", "confidence": 0.0, "effects": [], "conversation": {}, "verdicts": [], "trace_id": "", "ms": ms}
    conversation = outcome.conversation
    return {
        "replies": [reply(dispatch.approved) for dispatch in dispatches if dispatch.status == "sent" and dispatch.approved],
        "intent": outcome.intent,
        "confidence": round(outcome.confidence, 4),
        "effects": [effect(one) for one in outcome.effects],
        "conversation": {
            "owner": conversation.owner.value,
            "form": conversation.form.name if conversation.form else None,
            "slots": dict(conversation.form.slots) if conversation.form else {},
        },
        "verdicts": verdicts(dispatches),
        "trace_id": outcome.trace_id,
        "ms": round(ms, 2),
    }


def reply(approved: Approved) -> Json:
    """One text that left."""
    draft = approved.draft
    return {
        "kind": draft.kind.value,
        "text": approved.text,
        "buttons": [{"label": button.label, "payload": button.payload} for button in draft.buttons],
        "links": [{"label": link.label, "url": link.url} for link in draft.links],
        "image": draft.image,
        "card_ids": list(draft.card_ids),
        "citations": list(draft.citations),
        "ai_generated": draft.ai_generated,
    }


def verdicts(dispatches: Sequence[Dispatch]) -> list[Json]:
    """What the gate said of each text: approved, or every finding."""
    said: list[Json] = []
    for dispatch in dispatches:
        if isinstance(dispatch.verdict, Approved):
            said.append({"rule": "gate", "outcome": "approved", "reason": "", "outbox": dispatch.row.id, "status": dispatch.status})
        said += [
            {
                "rule": finding.rule,
                "outcome": finding.outcome,
                "reason": finding.reason,
                "until": finding.until.isoformat() if finding.until else None,
                "outbox": dispatch.row.id,
                "status": dispatch.status,
            }
            for finding in dispatch.findings
        ]
    return said


def effect(one: Effect) -> Json:
    """One effect with its fields; a draft only by what it is, since the reply says the rest."""
    body: Json = {"kind": one.kind}
    if isinstance(one, Say):
        return body | {"purpose": one.draft.purpose.value, "card_ids": list(one.draft.card_ids)}
    return body | {field.name: _plain(getattr(one, field.name)) for field in fields(one)}


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Party):
        return str(value)
    if isinstance(value, Draft):
        return value.text
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if hasattr(value, "__dataclass_fields__"):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return value
