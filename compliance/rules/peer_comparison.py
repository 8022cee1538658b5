"""不得拉踩同业。

What: blocks texts that put down other banks or put us above them.

Anti-pattern: 招行的利率哪有我们高，别存他行了。

Best practice: 别家的产品我不便评价；我把本行这款的期限、费用和风险列给您，您自己对照。
"""

from collections.abc import Sequence
from datetime import date

from compliance.rule import Context, Rule, Severity
from compliance.text import Text
from compliance.wording import forbidden, meets_customers
from domain.message import Draft, Finding


def check(draft: Draft, context: Context, text: Text) -> Sequence[Finding]:  # noqa: ARG001  one shape for all rules
    """Block comparison with and disparagement of other banks."""
    return forbidden(RULE.id, "peer_comparison", text) if meets_customers(draft) else ()


RULE = Rule(
    id="peer_comparison",
    title="贬低或比较同业",
    reference="广告法第十三条；反不正当竞争法第十一条",
    effective_from=date(2015, 9, 1),
    severity=Severity.BLOCK,
    doc=__doc__,
    judges_text=True,
    check=check,
)
