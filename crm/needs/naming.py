"""Which need or evidence somebody means by words."""

import re
from collections.abc import Collection, Iterable

from crm.needs.definitions import NeedDefinition, needs, read
from crm.needs.graph import Signal

_KINDS_OF_EVIDENCE = (
    (re.compile("查询|查|浏览|看过|点击|搜|页面|询价|报价"), ("views_", "looks_", "intent_")),
    (re.compile("消费|购买|买东西|购物|刷卡|花钱"), ("buys_",)),
    (re.compile("资质|经营权|牌照|许可|执照|工商|登记"), ("trade_licence", "high_tech")),
    (re.compile("纳税|税务|交税|缴税"), ("tax_", "revenue_growing")),
    (re.compile("专利|知识产权"), ("patents", "rights")),
    (re.compile("工资|薪水|代发"), ("salary_",)),
    (re.compile("到期"), ("deposit_matures", "business_loan_matures")),
    (re.compile("投诉"), ("complains_",)),
    (re.compile("社保|公积金"), ("base_up", "employer_changed", "housing_fund")),
    (re.compile("孩子|小孩|子女|娃"), ("small_child", "child", "teenager")),
    (re.compile("年龄|岁"), ("age_",)),
    (re.compile("行业"), ("industry_",)),
    (re.compile("结汇|结售汇|换汇"), ("exchanges",)),
)


def need_called(words: str, *, kind: str | None = None) -> NeedDefinition | None:
    """The need that words name, by the longest of its names that stands in them; of a kind of customer, where that is given."""
    found = [
        (len(match[0]), need)
        for need in needs().needs.values()
        if kind is None or kind in need.kinds
        for match in re.finditer(f"{re.escape(need.title)}|{read('called')[need.id]}", words)
    ]
    return max(found, key=lambda one: one[0], default=(0, None))[1]


def evidence_meant(words: str, known: Iterable[Signal]) -> Collection[str]:
    """The signals that words speak of: by their theme where they name one, else by their sort."""
    signals = list(known)
    by_sort = {
        signal.evidence for pattern, begins in _KINDS_OF_EVIDENCE if pattern.search(words) for signal in signals if _of(signal, begins)
    }
    themed = {signal.evidence for signal in signals if any(part in words for part in _titles(signal))}
    return (by_sort & themed) or by_sort or themed


def _of(signal: Signal, begins: tuple[str, ...]) -> bool:
    return signal.evidence.startswith(begins)


def _titles(signal: Signal) -> list[str]:
    """The pieces of two signs of a theme's or group's title: 外汇汇率 is meant by 外汇 and by 汇率."""
    sort, _, name = signal.evidence.partition("_")
    document = read("evidence")
    body = document["pages"]["themes"].get(name) if sort in ("views", "looks", "intent") else document["spending"]["groups"].get(name)
    title = body["title"] if body else signal.said
    return [title[place : place + 2] for place in range(len(title) - 1) if re.fullmatch(r"[\u4e00-\u9fff]{2}", title[place : place + 2])]
