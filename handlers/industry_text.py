"""The business of a company in words."""

from collections.abc import Sequence
from datetime import date

from crm.industry.definitions import industries
from crm.industry.view import IndustryView, Sign

_SIGNS = 3
_OTHERS = 2


def industry_text(name: str, views: Sequence[IndustryView], *, day: date) -> str:
    """The likeliest with source, confidence and evidence; what else it may be; a question that settles it."""
    held, wrong = [view for view in views if not view.denied], [view for view in views if view.denied]
    struck = [f"更正过、不再用：{'、'.join(view.definition.title for view in wrong)}。"] if wrong else []
    if not held:
        return "\n".join((f"{name}：无数据，说不出做哪一行。", *struck, "可以问：公司主要做什么、卖给谁？"))
    first, *rest = held
    how = "" if first.confirmed else "多半是" if first.confidence >= industries().likely else "可能是"
    head = f"{name}：{how}{first.definition.title}，把握 {first.confidence:.0%}（截至 {day}）。"
    lines = [head, *(_sign(sign) for sign in first.signs[:_SIGNS])]
    if rest:
        others = "、".join(f"{view.definition.title} {view.confidence:.0%}（{view.signs[0].source}）" for view in rest[:_OTHERS])
        lines.append(f"也沾边：{others}。")
    return "\n".join((*lines, *struck, f"可以问：{first.definition.asks}"))


def is_it_text(name: str, wanted: IndustryView | None, title: str, *, day: date) -> str:
    """Whether the company is in the business that was asked for."""
    if wanted is None:
        return f"{name}：没看到像{title}的依据（截至 {day}）；没看到不等于不是。"
    if wanted.denied:
        return f"{name}：不算{title}，有人更正过。"
    sure = "算" if wanted.confirmed or wanted.confidence >= industries().likely else "说不准，有点像"
    head = f"{name}：{sure}{title}，把握 {wanted.confidence:.0%}（截至 {day}）。"
    return "\n".join((head, *(_sign(sign) for sign in wanted.signs[:_SIGNS])))


def _sign(sign: Sign) -> str:
    return f"- {sign.source}：{sign.text}{f'（{sign.on}）' if sign.on else ''}"
