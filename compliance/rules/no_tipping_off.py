"""不得向客户泄露反洗钱工作信息。

What: blocks texts to customers that name anti-money-laundering work, say that a customer or a transaction is suspected, watched or
reported, or give such a reason for a measure. Denying it is telling as well. Texts to staff are a matter of permission, not of wording.

Anti-pattern: 您的账户因为频繁大额转账被反洗钱系统监控，所以冻结了。

Best practice: 您的账户目前部分功能不能使用，请带身份证到开户网点核实信息，我帮您约时间。
"""

from collections.abc import Sequence
from datetime import date

from compliance.rule import Context, Rule, Severity
from compliance.text import Text
from compliance.wording import forbidden, to_customer
from domain.message import Draft, Finding


def check(draft: Draft, context: Context, text: Text) -> Sequence[Finding]:  # noqa: ARG001  one shape for all rules
    """Block anything that tells a customer of anti-money-laundering work on him."""
    return forbidden(RULE.id, "no_tipping_off", text) if to_customer(draft) else ()


RULE = Rule(
    id="no_tipping_off",
    title="反洗钱保密",
    reference="反洗钱法（2024年修订）第七条、第三十五条",
    effective_from=date(2007, 1, 1),
    severity=Severity.BLOCK,
    doc=__doc__,
    judges_text=True,
    check=check,
)
