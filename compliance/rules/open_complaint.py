"""投诉未结，不推销。

What: while a complaint of the customer is open, marketing is stopped and a greeting is looked at by a person first.

Anti-pattern: 上午投诉扣费，下午收到理财推荐。

Best practice: 先把投诉办完，再由客户经理本人问候。
"""

from collections.abc import Sequence
from datetime import date

from compliance.rule import Context, Rule, Severity
from compliance.text import Text
from compliance.wording import to_customer
from domain.message import Draft, Finding, Purpose

_OUTCOMES = {
    Purpose.MARKETING: ("block", "客户有未结投诉，结案前不推送营销信息"),
    Purpose.TOUCH: ("review", "客户有未结投诉，请先看这条问候是否合适"),
}


def check(draft: Draft, context: Context, text: Text) -> Sequence[Finding]:  # noqa: ARG001  one shape for all rules
    """Stop marketing, and let a person look at greetings, while a complaint is open."""
    if not context.open_complaint or draft.purpose not in _OUTCOMES or not to_customer(draft):
        return ()
    outcome, reason = _OUTCOMES[draft.purpose]
    return (Finding(rule=RULE.id, outcome=outcome, reason=reason),)


RULE = Rule(
    id="open_complaint",
    title="投诉期间不营销",
    reference="银行业保险业消费投诉处理管理办法（2020年第3号）；本行口径",
    effective_from=date(2020, 3, 1),
    severity=Severity.BLOCK,
    doc=__doc__,
    check=check,
)
