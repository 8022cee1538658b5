"""不得承诺本金或收益。

What: blocks any wording that promises principal, return or freedom from loss or risk, said openly or in disguise (保 本, 宝本, baoben,
Traditional script, emoji in between). Denials, questions, warnings and answers to a wish are understood and pass.

Anti-pattern: 这款稳赚不赔，收益上浮0.5%。

Best practice: 这款不保本，净值会波动，可能亏损；业绩比较基准不是收益承诺。定期存款本息受存款保险保障。
"""

from collections.abc import Sequence
from datetime import date

from compliance.rule import Context, Rule, Severity
from compliance.text import Text
from compliance.wording import forbidden, meets_customers
from domain.message import Draft, Finding


def check(draft: Draft, context: Context, text: Text) -> Sequence[Finding]:  # noqa: ARG001  one shape for all rules
    """Block promises of principal or return."""
    return forbidden(RULE.id, "promised_return", text) if meets_customers(draft) else ()


RULE = Rule(
    id="promised_return",
    title="承诺收益",
    reference="广告法第二十五条；金融机构产品适当性管理办法（金融监管总局令2025年第7号）第十三条；银发〔2018〕106号第二条",
    effective_from=date(2018, 4, 27),
    severity=Severity.BLOCK,
    doc=__doc__,
    judges_text=True,
    check=check,
)
