"""The one door out: every text is judged here, and only here does an `Approved` come into being.

All rules in force are asked and all findings are kept. The gravest wins: block, then review, then defer. What a reviewer released
passes over review, never over a block or a deferral. A rule that fails raises: nothing is approved by accident.
"""

from collections.abc import Sequence

from compliance.days import bank_day
from compliance.rule import Context, Rule
from compliance.text import Text
from domain.errors import BadInput
from domain.message import Approved, Blocked, Deferred, Draft, Finding, NeedsReview, Verdict

_OUTCOMES = frozenset({"block", "review", "defer"})


def review(draft: Draft, context: Context, rules: Sequence[Rule]) -> Verdict:
    """Judge a draft by every rule that is in force at `context.at`.

    Raises BadInput when the instant has no time zone, the customer given is not the recipient, or a rule's finding cannot be obeyed.
    """
    if context.at.tzinfo is None:
        raise BadInput("the gate needs an instant with a time zone")
    if context.customer is not None and context.customer.id != draft.to.id:
        raise BadInput("the context given to the gate is that of another customer than the recipient")
    on = bank_day(context.at)
    in_force = [rule for rule in rules if rule.in_force(on)]
    text = Text.of(visible(draft))
    findings = tuple(finding for rule in in_force for finding in rule.check(draft, context, text))
    return _verdict(findings, context) or _approve(draft, context, in_force)


def visible(draft: Draft) -> str:
    """Give every word of a draft that the recipient will read: the text, the labels of its buttons and links, its citations."""
    labels = (*(button.label for button in draft.buttons), *(link.label for link in draft.links))
    return "\n".join((draft.text, *labels, *draft.citations))


def _verdict(findings: tuple[Finding, ...], context: Context) -> Verdict | None:
    for finding in findings:
        if finding.outcome not in _OUTCOMES or (finding.outcome == "defer" and finding.until is None):
            raise BadInput(f"rule '{finding.rule}' asks for '{finding.outcome}', which the gate cannot obey; nothing is sent")
    outcomes = {finding.outcome for finding in findings}
    if "block" in outcomes:
        return Blocked(findings=findings)
    if "review" in outcomes and context.released_by is None:
        return NeedsReview(findings=findings)
    waits = [finding.until for finding in findings if finding.until is not None and finding.outcome == "defer"]
    return Deferred(until=max(waits), findings=findings) if waits else None


def _approve(draft: Draft, context: Context, rules: Sequence[Rule]) -> Approved:
    text = draft.text
    for rule in rules:
        if rule.amend is not None:
            text = rule.amend(text, draft, context)
    return Approved(draft=draft, text=text, reviewed_at=context.at, rules=tuple(rule.id for rule in rules))
