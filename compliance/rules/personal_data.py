"""不得外泄个人信息。

What: blocks raw personal data (ID, mobile, card, mail, …) in a text to anybody, the owner included: show it masked (138****8000).
Numbers of the bank itself are free; a name alone is not raw data. A customer never gets a text that carries another customer's data.

Anti-pattern: 您的手机号是 13800138000；张伟也买了 200 万。

Best practice: 您预留的手机号是 138****8000，还在用吗？
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from compliance.masking import PiiKind, find_pii
from compliance.rule import Context, Rule, Severity
from compliance.text import Text
from compliance.wording import to_customer
from domain.message import Draft, Finding
from language.normalise import fold

_DATA = re.compile(
    r"[0-9一二三四五六七八九十百]\s*(?:元|块|万|亿|%|个点)|资产|存款|余额|理财|基金|贷款|持有|买了|购买|转账|流水|收入|工资|负债|逾期|征信|风险等级"
    r"|电话|手机|住址|住在|地址|身份证|卡号|账号|账户|生日|岁|单位|公司"
)
_SENTENCE = re.compile(r"[^。!?;\n]+")


def check(draft: Draft, context: Context, text: Text) -> Sequence[Finding]:
    """Block raw personal data, and any data of another customer."""
    return (*_raw(context, text), *_of_others(draft, context, text))


def _raw(context: Context, text: Text) -> Iterator[Finding]:
    raw = [span for span in find_pii(text.raw) if span.kind is not PiiKind.NAME]
    public = {_digits(number) for number in context.public_numbers} if raw else set()  # most texts carry none
    for span in raw:
        if _digits(span.value) not in public:
            what = _TITLES[span.kind]
            yield _finding(f"含有未脱敏的{what}，请打码后再发（个人信息保护法第五十一条；JR/T 0171-2020）", quote=what)


def _of_others(draft: Draft, context: Context, text: Text) -> Iterator[Finding]:
    if not to_customer(draft):
        return
    if set(draft.about) - {draft.to.id}:
        yield _finding("内容涉及其他客户的信息，不能发给这位客户（个人信息保护法第十条、第二十五条）")
    own = fold(context.customer.name) if context.customer is not None else ""
    others = {fold(name) for name, customer_id in context.names_of_others if customer_id != draft.to.id} - {own, ""}
    sentences = _SENTENCE.findall(text.folded.text) if others else []
    for sentence in sentences:
        named = next((name for name in sorted(others) if name in fold(sentence)), None)
        if named is not None and _DATA.search(sentence):
            yield _finding("同一句里有其他客户的姓名和信息，不能发给这位客户（个人信息保护法第十条、第二十五条）")
            return


def _digits(number: str) -> str:
    """Compare numbers without the ways of writing them: country code, trunk zero, signs."""
    kept = re.sub(r"[^0-9a-z]", "", fold(number))
    return re.sub(r"^(?:0086|86(?=\d{10,11}$))?0?", "", kept)


def _finding(reason: str, *, quote: str = "") -> Finding:
    return Finding(rule=RULE.id, outcome="block", reason=reason, quote=quote)


_TITLES = {
    PiiKind.EMAIL: "邮箱",
    PiiKind.RESIDENT_ID: "身份证号",
    PiiKind.COMPANY_CODE: "统一社会信用代码",
    PiiKind.BANK_CARD: "银行卡号",
    PiiKind.MOBILE: "手机号",
    PiiKind.LANDLINE: "电话号码",
    PiiKind.PASSPORT: "护照号",
    PiiKind.NAME: "姓名",
}

RULE = Rule(
    id="personal_data",
    title="个人信息保护",
    reference="个人信息保护法第十条、第二十五条、第五十一条；JR/T 0171-2020",
    effective_from=date(2021, 11, 1),
    severity=Severity.BLOCK,
    doc=__doc__,
    judges_text=True,
    check=check,
)
