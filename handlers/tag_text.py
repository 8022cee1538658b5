"""Tags in words, and the list to choose a customer from when a tag is meant for one of several."""

from collections.abc import Sequence
from datetime import date

from crm.tags.definitions import definitions
from crm.tags.view import TagView
from domain.book import Customer
from domain.effects import Effect, RecordAccess, Say
from domain.message import Button
from domain.tags import TagSource
from handlers.handler import Turn
from handlers.lookups import Lookups
from handlers.picking import PAGE
from handlers.profile_text import list_line
from language.normalise import clip

SOURCES = {TagSource.DECLARED: "客户自述", TagSource.RM: "客户经理标注", TagSource.BANK: "行内登记", TagSource.INFERRED: "系统推断"}
_SHOWN = 6
_QUOTED = 24


def title_of(tag: str) -> str:
    """The name of a tag."""
    return definitions().tags[tag].title


def tags_text(name: str, views: Sequence[TagView], *, on: date) -> str:
    """Every tag in a line: who says so, how surely, until when, on what evidence."""
    held, wrong = [view for view in views if not view.contested], [view for view in views if view.contested]
    lines = [f"{name}的标签（看于 {on}）"]
    lines += [f"{number}. {_line(view)}" for number, view in enumerate(held[:_SHOWN], start=1)] or ["现在没有标签。"]
    if len(held) > _SHOWN:
        lines.append(f"另有 {len(held) - _SHOWN} 个")
    if wrong:
        lines.append(f"更正过、不再用：{'、'.join(dict.fromkeys(view.title for view in wrong))}")
    return "\n".join(lines)


def short(views: Sequence[TagView]) -> str:
    """What is said, not inferred, in one line of a profile, each with its source where it is not the bank."""
    told = [view for view in views if not view.contested and view.source is not TagSource.INFERRED]
    return "、".join(view.title if view.source is TagSource.BANK else f"{view.title}（{_BRIEF[view.source]}）" for view in told[:_SHOWN])


def which(turn: Turn, lookups: Lookups, customers: Sequence[Customer], *, payload: str, head: str) -> tuple[Effect, ...]:
    """Ask which of them is meant. `payload` has `{id}` where the customer's goes."""
    shown = customers[:PAGE]
    lines = [f"{number}. {list_line(customer, on=lookups.today)}" for number, customer in enumerate(shown, start=1)]
    buttons = tuple(Button(label=clip(customer.name, 8), payload=payload.replace("{id}", customer.id)) for customer in shown)
    seen = tuple(
        RecordAccess(action="customer.listed", customer_id=customer.id, purpose="relationship", fields=("identity",)) for customer in shown
    )
    draft = turn.reply("\n".join((head, *lines, "回数字就行。")), buttons=buttons, about=tuple(customer.id for customer in shown))
    return (*seen, Say(draft=draft))


def _line(view: TagView) -> str:
    sure = f"，把握 {view.confidence}%" if view.confidence is not None else ""
    until = f"，到 {view.until} 止" if view.until else ""
    said = f"：{clip(view.evidence, _QUOTED)}" if view.evidence and view.source is not TagSource.BANK else ""
    when = f"（{view.on}）" if view.on and said else ""
    use = {True: "，同意用于推荐", False: "，不同意用于推荐", None: ""}[view.may_recommend]
    return f"{view.title}｜{SOURCES[view.source]}{sure}{until}{use}{said}{when}"


_BRIEF = {TagSource.DECLARED: "自述", TagSource.RM: "经理标"}
