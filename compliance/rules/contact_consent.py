"""没有同意，不主动联系。

What: a greeting needs the customer's consent to care touches, marketing his consent to marketing; the latest word counts. Customers whose
relation ended or who died are never approached. Replies and service notices are not concerned.

Anti-pattern: 客户上周说过“不要再发了”，今天又推一条理财。

Best practice: 退订立即生效，包括已经排队的消息；客户自己来问，照常回答。
"""

from collections.abc import Sequence
from datetime import date

from compliance.consent import CARE, MARKETING, latest_word
from compliance.rule import Context, Rule, Severity
from compliance.text import Text
from compliance.wording import to_customer
from domain.message import Draft, Finding, Purpose

_NEEDED = {Purpose.TOUCH: (CARE, "关怀问候"), Purpose.MARKETING: (MARKETING, "营销信息")}
_ENDED = {"closed": "客户已销户", "deceased": "客户已故"}


def check(draft: Draft, context: Context, text: Text) -> Sequence[Finding]:  # noqa: ARG001  one shape for all rules
    """Block touches and marketing to those who did not agree or may not be approached."""
    if draft.purpose not in _NEEDED or not to_customer(draft):
        return ()
    if context.customer is None:
        return (_finding("收件人不在客户名册里，不能主动联系"),)
    if context.customer.status != "active":
        return (_finding(f"{_ENDED.get(context.customer.status, '客户状态不正常')}，不再主动联系"),)
    purpose, title = _NEEDED[draft.purpose]
    own = [word for word in context.consents if word.customer_id == draft.to.id]
    word = latest_word(own, purpose, at=context.at)
    if word is None:
        return (_finding(f"客户没有同意接收{title}，不能主动发送（个人信息保护法第十四条、广告法第四十三条）"),)
    if not word.granted:
        return (_finding(f"客户已于 {word.at:%Y-%m-%d} 退订{title}，不再发送（个人信息保护法第十五条）"),)
    return ()


def _finding(reason: str) -> Finding:
    return Finding(rule=RULE.id, outcome="block", reason=reason)


RULE = Rule(
    id="contact_consent",
    title="触达授权",
    reference="个人信息保护法第十四至十六条、第二十四条；广告法第四十三条；银行保险机构消费者权益保护管理办法（2022年第9号）",
    effective_from=date(2015, 9, 1),
    severity=Severity.BLOCK,
    doc=__doc__,
    check=check,
)
