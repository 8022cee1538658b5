"""A question about products. Suitability first, figures only from the product master, the need before the product."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from domain.book import Product
from domain.effects import Effect, Say, UpdateConversation
from domain.message import Button
from handlers.answers import RETEST
from handlers.handler import CUSTOMER, Handler, Turn
from handlers.lookups import Lookups
from handlers.people import ASK_A_PERSON
from knowledge.card import Card, CardKind
from language.currency_names import currency_name
from language.normalise import clip, fold, normalise


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A kind of product as customers name it."""

    kind: str
    title: str
    words: str


_KINDS = (
    Wanted(kind="deposit", title="存款", words="存款|定期|大额存单|存单|活期|存定|通知存款|存钱|储蓄|死期"),
    Wanted(kind="wealth", title="理财", words="理财|固收|净值型|银行产品"),
    Wanted(kind="fund", title="基金", words="基金|定投|股票型|指数"),
    Wanted(kind="insurance", title="保险", words="保险|年金|重疾|寿险|保单"),
    Wanted(kind="gold", title="黄金", words="黄金|积存金|金条|贵金属"),
    Wanted(kind="loan", title="贷款", words="贷款|房贷|车贷|信用贷|按揭|消费贷|经营贷|借钱"),
    Wanted(kind="card", title="信用卡", words="信用卡|办卡"),
)
_PUSHY = re.compile(
    "(?:别|不要|甭|不用)(?:管|看|理|考虑|在乎)(?:我|我的)?(?:的)?(?:风险|等级|测评|评级)|(?:就|权|姑且"
    "|你就)?(?:当|当作|算)我(?:是)?(?:激进|进取|c[45]|平衡|高风险)|"
    "(?:高|最高|超高|更高)(?:的)?(?:收益|回报|利率|利息|风险)|收益(?:最|高|更|要)?(?:高|大)(?:的|点|一点"
    "|些)?|(?:赚|来钱)(?:得)?(?:最?多|最?快|大|狠)|翻倍|激进(?:的|点|一?些|型)|"
    "(?:跳过|绕过|不做|免|省了?)(?:风险)?(?:测评|评估)|稳赚|保本.{0,3}(?:高|收益)|(?:不怕|亏得起|能承受|承受得起)(?:亏|风险)"
)
_LISTED = 3
_DEPOSITS = Button(label="看看存款", payload="ask_product:kind=deposit")
_UNSUITED = "no_level"


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Speak of what may be spoken of."""
    products = lookups.products()
    named = _named(turn, products)
    if named is not None and not lookups.suitability(named).suitable:
        return _not_for_you(turn, lookups, named)
    if _PUSHY.search(turn.said) and not turn.argument:
        return _refuse_pressure(turn)
    if named is not None:
        return _one(turn, lookups, named)
    kind = next((k for k in _KINDS if turn.argument == f"kind={k.kind}" or re.search(k.words, turn.said)), None)
    return _of_kind(turn, lookups, kind, products)


def _named(turn: Turn, products: Sequence[Product]) -> Product | None:
    """The product whose code or name is said; the longest name when one is part of another."""
    said, wanted = fold(turn.said), fold(turn.argument)
    hits = [p for p in products if fold(p.code) == wanted or fold(p.code) in said or fold(p.name) in said or _name_core(p) in said]
    return max(hits, key=lambda product: len(product.name), default=None)


def _name_core(product: Product) -> str:
    return normalise(product.name).replace(" ", "")


def _one(turn: Turn, lookups: Lookups, product: Product) -> tuple[Effect, ...]:
    card = _card_of(lookups, product, turn)
    text = f"{card.answer}\n{_figures(product)}" if card else _figures(product)
    asks = card.ask if card and card.ask else "您这笔钱大概多久会用到？"
    more = (Button(label="展开", payload=f"more:{card.id}"),) if card and card.details else ()
    draft = turn.reply(
        f"{text}\n{asks}",
        buttons=(*more, ASK_A_PERSON),
        products=(product.code,),
        card_ids=(card.id,) if card else (),
        citations=tuple(filter(None, (card.title if card else "", f"产品主档 {product.code}（{product.approval}）"))),
    )
    return (Say(draft=draft), UpdateConversation(topic=(card.id,) if card else None))


def _figures(product: Product) -> str:
    """What the master says, with day and code; nothing where it says nothing."""
    parts = []
    if product.rate is not None:
        parts.append(f"{product.rate_kind or '利率'} {product.rate.normalize():f}%")
    if product.term_days:
        parts.append(f"期限 {product.term_days} 天")
    if product.min_amount is not None:
        parts.append(f"起点 {product.min_amount.normalize():,f} {currency_name(product.currency)}")
    if product.risk:
        parts.append(f"风险等级 {product.risk}，可能亏损")
    benchmark = "业绩比较基准不代表以后的收益。" if "基准" in product.rate_kind else ""
    as_of = f"截至 {product.as_of.month} 月 {product.as_of.day} 日"
    return f"{as_of}，{product.name}：{'，'.join(parts) or '以柜台当天告知为准'}（产品主档 {product.code}）。{benchmark}"


def _card_of(lookups: Lookups, product: Product, turn: Turn) -> Card | None:
    hits = lookups.search(f"{product.name} {turn.said}", kinds={CardKind.PRODUCT.value}).hits
    return next((hit.card for hit in hits if hit.card.product == product.code), None)


def _of_kind(turn: Turn, lookups: Lookups, kind: Wanted | None, products: Sequence[Product]) -> tuple[Effect, ...]:
    """Ask for the need; show up to three products of the kind that suit, with figures from the master."""
    if kind is None:
        text = "先说说这笔钱：大概多久会用到、能不能接受涨跌？知道这两样，才好说哪种合适。"
        return (Say(draft=turn.reply(text, buttons=(_DEPOSITS, RETEST, ASK_A_PERSON))),)
    of_kind = [product for product in products if product.kind == kind.kind]
    fitting = [product for product in of_kind if lookups.suitability(product).suitable]
    if of_kind and not fitting:
        return _not_for_you(turn, lookups, of_kind[0])
    if not fitting:
        return (Say(draft=turn.reply(f"{kind.title}我手上没有在售的资料，不随口说。要不要请人来答您？", buttons=(ASK_A_PERSON,))),)
    shown = fitting[:_LISTED]
    lines = [_line(index, product) for index, product in enumerate(shown, start=1)]
    buttons = tuple(Button(label=clip(product.name, 8), payload=f"ask_product:{product.code}") for product in shown)
    as_of = max(product.as_of for product in shown)
    head = f"{kind.title}您能看的有这些（截至 {as_of.month} 月 {as_of.day} 日，产品主档）："
    text = "\n".join((head, *lines, "这笔钱大概多久会用到？"))
    return (Say(draft=turn.reply(text, buttons=(*buttons, ASK_A_PERSON), products=tuple(product.code for product in shown))),)


def _line(index: int, product: Product) -> str:
    rate = f" {product.rate_kind or '利率'}{product.rate.normalize():f}%" if product.rate is not None else ""
    risk = f"，{product.risk}，可能亏损" if product.risk else ""
    return f"{index}. {product.name}（{product.code}）{rate}{risk}"


def _not_for_you(turn: Turn, lookups: Lookups, product: Product) -> tuple[Effect, ...]:
    """Say why not without naming the product, and what can be done."""
    code = lookups.suitability(product).code
    text = _WHY_NOT.get(code, _WHY_NOT["above_level"])
    return (Say(draft=turn.reply(text, buttons=_WAYS.get(code, (RETEST, _DEPOSITS, ASK_A_PERSON)))),)


def _refuse_pressure(turn: Turn) -> tuple[Effect, ...]:
    """Refuse to go above the level, whoever asks; point to an honest retest and to a person."""
    text = "这个我不能照办：产品要跟您的测评等级对得上，是为了护住您的钱。情况有变可以重做测评；现在也能先看存款，或请人陪您聊。"
    return (Say(draft=turn.reply(text, buttons=(RETEST, _DEPOSITS, ASK_A_PERSON))),)


_WHY_NOT = {
    "no_level": "有涨跌的产品，要先有有效的风险测评才能谈。App里几分钟能做，结果管12个月；不想做，可以先看存款。",
    "above_level": "这一类超出了您测评的等级，我不能介绍，跌的时候难受的是您。情况有变可以重做测评，也可以先看存款。",
    "elderly": "这类波动大，得请客户经理当面跟您和家人讲清楚再定，我这里不介绍。要我请他来吗？",
    "private": "这类只能由客户经理当面办，我这里不介绍。要我请他来吗？",
    "minor": "这类要监护人带着到网点办，我这里不介绍。要我请人告诉您要带什么吗？",
}
_WAYS = dict.fromkeys(("elderly", "private", "minor"), (ASK_A_PERSON,))

_NAMES = "(?:理财|基金|存款|定期|大额存单|存单|黄金|积存金|保险|年金|固收|净值型|产品|贷款利率)"

HANDLER = Handler(
    intent="ask_product",
    title="问产品",
    audience=CUSTOMER,
    handle=handle,
    order=50,
    cues=(
        "(?<![a-z0-9])r[1-5](?![a-z0-9]).{0,6}(?:产品|理财|基金|的有|有吗)",
        r"(?<![a-z0-9])p-?\d{3}(?!\d)",
        f"(?:推荐|介绍|有(?:没有|什么|哪些|啥)|来|给我|想买|想看看?|看看|了解|咨询|买点?|选|挑|哪个|哪款"
        f"|哪种).{{0,10}}{_NAMES}(?!.{{0,6}}(?:丢|坏|骗|投诉))",
        f"{_NAMES}(?:.{{0,6}})(?:推荐|有哪些|有什么|哪个好|哪款好|哪种好|怎么选|选哪个|利率(?:是)?多少|利息"
        f"(?:是)?多少|收益(?:率)?(?:是)?(?:多少|怎么样|如何)|多少利息|几个点)",
        "(?:高收益|收益高|收益最高|回报高|利息高|利率高|赚得?(?:多|快)|来钱快|激进).{0,6}(?:的|产品|点|吗|有"
        "|$)|(?:别|不要|甭|不用)(?:管|看|理|考虑)我?的?(?:风险|等级|测评)|(?:当|算)我(?:是)?(?:激进|进取"
        "|c[45])",
        "(?:手里|手上|手头|有|拿出|闲着|这)(?:.{0,6})(?:钱|万|块)(?:.{0,6})(?:买(?:点)?什么|买啥|放哪|怎么(?:理|投"
        "|放|打理|安排)|投(?:什么|哪)|做(?:点)?什么|存(?:什么|哪))(?!.{0,4}证明)",
        "(?:存|定存)(?:.{0,4})(?:\\d+|[一二三四五六七八九十两半]+)(?:个?月|年|天)(?:.{0,4})(?:利率|利息|多少"
        "|几个点)|(?:利率|利息)(?:.{0,2})(?:现在|目前|今天)?(?:是)?多少",
    ),
    examples=(
        "闲钱放哪儿好一些",
        "三年定存给几个点",
        "有啥风险小又能增值的",
        "想搞点收益猛的",
        "最近哪款理财比较合适",
        "你说个能多赚的，风险我自己扛",
        "年化最高的给我来一个",
        "大额存单现在什么价",
        "我想买点基金",
    ),
)
