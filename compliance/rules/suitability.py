"""产品适当性。

What: a text to a customer may name a risk-rated product only if he has a valid assessment and the rating is not above his level. Products
are found by the codes the draft gives and by name or code inside the text, so a person's free text and a model's prose are judged too.
Private products and R3 or higher for those of 65 and older are never pushed, and go through a person in a reply. What the customer holds
may be spoken of when he asks. Texts to staff may name any product.

Anti-pattern: 给 C2 客户推荐 R3 产品，或“您就当自己是激进型”。

Best practice: 先看测评是否有效，再在等级以内介绍；等级不够就说明原因，请客户自己重做测评。
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from compliance.days import bank_day
from compliance.rule import Context, Rule, Severity
from compliance.suitability import RATINGS, Fit, assess_suitability, level_of
from compliance.text import Text
from compliance.wording import to_customer
from domain.book import RiskAssessment
from domain.message import Draft, Finding, Purpose

_PUSH = frozenset({Purpose.TOUCH, Purpose.MARKETING})
_COMPANY_AGE = 40  # companies have no age; any age between 18 and 64 leaves the age rules out
_RATING_NAMED = re.compile(r"(?<![a-z0-9])p?r[1-5](?![a-z0-9])")
_PRIVATE_NAMED = re.compile(r"私募")


def check(draft: Draft, context: Context, text: Text) -> Sequence[Finding]:
    """Judge every product that the text names for its reader."""
    if not to_customer(draft):
        return ()
    return (*_named_products(draft, context, text), *_named_ratings(draft, context, text))


def _named_products(draft: Draft, context: Context, text: Text) -> Iterator[Finding]:
    pushed = draft.purpose in _PUSH
    on = bank_day(context.at)
    for code in sorted({*draft.products, *context.catalogue.mentioned(text)}):
        if code in context.held and not pushed:
            continue
        product = context.catalogue.products.get(code)
        if product is None:
            yield _finding("block", f"产品 {code} 不在产品主档里，不能介绍", quote=code)
            continue
        judged = assess_suitability(product, _own_assessment(draft, context), on=on, age=_age(context, on))
        if judged.fit is not Fit.SUITABLE:
            outcome = "review" if judged.fit is Fit.CARE and not pushed else "block"
            yield _finding(outcome, judged.reason, quote=product.name)


def _named_ratings(draft: Draft, context: Context, text: Text) -> Iterator[Finding]:
    """In a push, no rating above the level and nothing private may be spoken of, even without a product's name."""
    if draft.purpose not in _PUSH:
        return
    level = level_of(_own_assessment(draft, context), on=bank_day(context.at)) or 0
    for found in _RATING_NAMED.finditer(text.folded.text):
        rating = found[0].removeprefix("p").upper()
        if RATINGS[rating] > level:
            yield _finding("block", f"主动信息里提到 {rating}，高于客户有效的承受能力（适当性办法第十三条）", quote=rating)
            return
    if _PRIVATE_NAMED.search(text.clean.text):
        yield _finding("block", "私募产品不得公开推介（适当性办法第三十条）", quote="私募")


def _own_assessment(draft: Draft, context: Context) -> RiskAssessment | None:
    return context.assessment if context.assessment is not None and context.assessment.customer_id == draft.to.id else None


def _age(context: Context, on: date) -> int | None:
    if context.customer is None:
        return None
    return _COMPANY_AGE if context.customer.kind == "company" else context.customer.age(on)


def _finding(outcome: str, reason: str, *, quote: str) -> Finding:
    return Finding(rule=RULE.id, outcome=outcome, reason=reason, quote=quote)


RULE = Rule(
    id="suitability",
    title="产品适当性匹配",
    reference="金融机构产品适当性管理办法（金融监管总局令2025年第7号）第十二、十三、十九、二十九、三十条",
    effective_from=date(2018, 9, 26),
    severity=Severity.BLOCK,
    doc=__doc__,
    judges_text=False,
    check=check,
)
