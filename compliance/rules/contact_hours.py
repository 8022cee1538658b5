"""夜里不打扰。

What: between 21:00 and 09:00 (Asia/Shanghai) nothing goes to a customer unasked; it waits for 09:00. An answer to the customer's own
message goes at once. It does not matter whether the bot or a person writes. Texts to staff are not concerned.

Anti-pattern: 23:10 的生日祝福。

Best practice: 夜里客户来问，照常答；主动的话留到早上九点以后。
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from compliance.days import at_hour, bank_time
from compliance.rule import Context, Rule, Severity
from compliance.tables import table
from compliance.text import Text
from compliance.wording import to_customer
from domain.message import Draft, Finding, Purpose

_QUIET_FROM: int = table("contact")["quiet_hours"]["from"]
_QUIET_UNTIL: int = table("contact")["quiet_hours"]["until"]
_REPLY_COUNTS_FOR = timedelta(hours=table("contact")["reply"]["hours"])
_UNASKED = frozenset({Purpose.TOUCH, Purpose.MARKETING})


def check(draft: Draft, context: Context, text: Text) -> Sequence[Finding]:  # noqa: ARG001  one shape for all rules
    """Hold back at night what the customer did not ask for."""
    if not to_customer(draft) or _is_answer(draft, context):
        return ()
    until = quiet_until(context.at)
    if until is None:
        return ()
    reason = f"现在是免打扰时段（{_QUIET_FROM}:00 至次日 {_QUIET_UNTIL:02d}:00），{until:%m-%d %H:%M} 后再发"
    return (Finding(rule=RULE.id, outcome="defer", reason=reason, until=until),)


def quiet_until(at: datetime) -> datetime | None:
    """Tell when the quiet hours end in which the instant lies, or None by day."""
    local = bank_time(at)
    if _QUIET_UNTIL <= local.hour < _QUIET_FROM:
        return None
    day = local.date() + timedelta(days=1 if local.hour >= _QUIET_FROM else 0)
    return at_hour(day, _QUIET_UNTIL)


def _is_answer(draft: Draft, context: Context) -> bool:
    if draft.purpose in _UNASKED or not (draft.answers is not None or context.in_reply_to_own_message):
        return False
    return context.reply_age is None or context.reply_age <= _REPLY_COUNTS_FOR


RULE = Rule(
    id="contact_hours",
    title="免打扰时段",
    reference="参照人身保险电话销售业务管理办法（保监发〔2013〕40号）21时至次日9时；民法典第一千零三十三条",
    effective_from=date(2013, 4, 25),
    severity=Severity.DEFER,
    doc=__doc__,
    check=check,
)
