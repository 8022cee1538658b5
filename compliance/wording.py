"""From phrase list to findings: what the rules on wording have in common."""

from collections.abc import Sequence

from compliance.phrases import find, phrases
from compliance.text import Text
from domain.message import Draft, Finding


def to_customer(draft: Draft) -> bool:
    """Say whether a customer will read the text."""
    return not draft.to.role.is_staff


def meets_customers(draft: Draft) -> bool:
    """Say whether the wording will meet customers: addressed to one, or model-made for staff to use.

    Other texts to staff may quote what a customer said, so their wording is not judged.
    """
    return to_customer(draft) or draft.ai_generated


def forbidden(rule: str, listed: str, text: Text) -> Sequence[Finding]:
    """Block every phrase of a list that the text says."""
    return tuple(
        Finding(rule=rule, outcome="block", reason=f"“{hit.quote}”：{hit.phrase.why}（{hit.phrase.reference}）", quote=hit.quote)
        for hit in find(text, phrases(listed))
    )
