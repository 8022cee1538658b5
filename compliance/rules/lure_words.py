"""不得引诱、催促客户。

What: blocks lures and pressure: 秒到账, 低门槛, 限时抢购, 内部名额, 最后一天, superlatives and high-return talk.

Anti-pattern: 内部名额仅剩3个，最后一天，赶快抢购！

Best practice: 这款到 11 月 30 日可以认购。您可以先看产品说明书，不合适不必勉强。
"""

from collections.abc import Sequence
from datetime import date

from compliance.rule import Context, Rule, Severity
from compliance.text import Text
from compliance.wording import forbidden, meets_customers
from domain.message import Draft, Finding


def check(draft: Draft, context: Context, text: Text) -> Sequence[Finding]:  # noqa: ARG001  one shape for all rules
    """Block lures and pressure."""
    return forbidden(RULE.id, "lure_words", text) if meets_customers(draft) else ()


RULE = Rule(
    id="lure_words",
    title="诱导性用语",
    reference="金融产品网络营销管理办法（2026-09-30起施行）；广告法第九条；银行保险机构消费者权益保护管理办法（2022年第9号）",
    effective_from=date(2015, 9, 1),
    severity=Severity.BLOCK,
    doc=__doc__,
    judges_text=True,
    check=check,
)
