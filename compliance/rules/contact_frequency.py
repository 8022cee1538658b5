"""不过度打扰。

What: at most one touch or marketing text a day over all channels, two marketing texts in any 7 days, six in any 31 days; what is over waits
for the next free day. Any 7 days and any 31 days keep the cap of every calendar week and month too. Replies and service are free.

Anti-pattern: 本周第三条理财推荐。

Best practice: 告诉客户经理“本周已达上限，下次可用时段是周四 09:00”，先做一次不推产品的互动。
"""

from collections.abc import Sequence
from datetime import date

from compliance.caps import full, next_free
from compliance.days import at_hour, bank_day
from compliance.rule import Context, Rule, Severity
from compliance.tables import table
from compliance.text import Text
from compliance.wording import to_customer
from domain.message import Draft, Finding, Purpose

_MORNING: int = table("contact")["quiet_hours"]["until"]
_COUNTED = frozenset({Purpose.TOUCH, Purpose.MARKETING})


def check(draft: Draft, context: Context, text: Text) -> Sequence[Finding]:  # noqa: ARG001  one shape for all rules
    """Hold back what would be over a cap until the next free day."""
    if draft.purpose not in _COUNTED or not to_customer(draft):
        return ()
    today = bank_day(context.at)
    touched = [bank_day(contact.sent_at) for contact in context.contacts if contact.purpose in _COUNTED]
    marketed = [bank_day(contact.sent_at) for contact in context.contacts if contact.purpose is Purpose.MARKETING]
    if draft.purpose is Purpose.TOUCH:
        marketed = []
    reason = full(today, touched, marketed)
    if reason is None:
        return ()
    until = at_hour(next_free(today, touched, marketed), _MORNING)
    return (Finding(rule=RULE.id, outcome="defer", reason=f"{reason}；下次可用时段 {until:%m-%d %H:%M}", until=until),)


RULE = Rule(
    id="contact_frequency",
    title="触达频控",
    reference="银行保险机构消费者权益保护管理办法（2022年第9号）；本行触达频次口径 A02",
    effective_from=date(2023, 3, 1),
    severity=Severity.DEFER,
    doc=__doc__,
    check=check,
)
