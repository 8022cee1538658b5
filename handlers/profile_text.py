"""A profile as a colleague reads it on a phone: at most twelve lines, each figure with its day, each gap as a question to ask."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from crm.profile import AssetsLayer, Gap, GapState, Profile
from domain.book import Customer
from language.currency_names import currency_name
from language.normalise import clip

NOT_YOURS = "您名下没有查到这位客户。核对一下姓名或编号；不在您名下的，请找他的客户经理。"
_STATUS = {"closed": "（已销户）", "deceased": "（已故，停止联系）"}
_GENDERS = {"male": "男", "female": "女", "M": "男", "F": "女"}
_SHOWN_FIELDS = ("phone", "city", "occupation", "industry", "contact_name")
_TITLES = {"phone": "手机", "city": "城市", "occupation": "职业", "industry": "行业", "contact_name": "经办人"}
_GAP_TITLES = {
    "risk_assessment": "风险测评",
    "phone": "手机",
    "id_number": "证件",
    "birth_date": "生日",
    "occupation": "职业",
    "city": "城市",
    "gender": "性别",
    "segments": "标签",
    "rm": "客户经理",
    "industry": "行业",
    "contact_name": "经办人",
}
_QUESTIONS = {
    "risk_assessment": "愿不愿意抽几分钟做一下风险测评？",
    "phone": "现在用哪个手机号联系最方便？",
    "id_number": "证件带了吗，方便登记一下？",
    "birth_date": "生日哪天，好给您留个提醒？",
    "occupation": "现在主要忙哪一行？",
    "city": "平时住哪个城市？",
    "gender": "怎么称呼您合适？",
    "segments": "最近家里有什么大事要用钱吗？",
    "rm": "希望由谁来对接您？",
    "industry": "公司主要做什么生意？",
    "contact_name": "公司这边平时由谁对接？",
}
_LINES = 12  # what a phone shows
_GAP_SHOWN, _SAID_SHOWN, _HELD_SHOWN, _HOLDINGS_SHOWN = 3, 2, 4, 6
_MYRIAD = Decimal(10_000)


def profile_text(profile: Profile, *, tags: str = "", judged: Sequence[str] = (), caveat: str = "") -> str:
    """Write the basic layer. `tags` are those that people said, with their source; without them the bank's own stand.

    `judged` are lines of what the run knows; `caveat` says which data has stopped. What the customer said takes the room that is left.
    """
    lines = [
        _headline(profile),
        _care(profile),
        _facts(profile),
        *judged,
        f"标签：{shown}" if (shown := tags or "、".join(profile.segments)) else "",
        f"持有：{'、'.join(profile.products[:_HELD_SHOWN])}{_more(profile.products)}" if profile.products else "持有：没有在用的产品",
        _risk(profile),
    ]
    end = [f"注意：{caveat}" if caveat else "", *_gaps(profile.gaps)]
    lines, end = [line for line in lines if line], [line for line in end if line]
    room = min(max(_LINES - len(lines) - len(end), 0), _SAID_SHOWN - bool(caveat))
    said = [f"他说过：{clip(one.value, 24)}（{one.at:%m-%d}）" for one in profile.said if one.at]
    return "\n".join((*lines, *said[:room], *end))


def assets_text(name: str, layer: AssetsLayer, *, caveat: str = "") -> str:
    """Write the assets layer; what the bank did not deliver is named, never shown as zero."""
    if layer.as_of is None:
        return f"{name}：银行没有送来资产数据，先别按资产下判断。"
    age = f"，{layer.days_old} 天前的数" if layer.days_old else ""
    lines = [f"{name} 资产（截至 {layer.as_of}{age}）"]
    if layer.aum is not None:
        average = f"，本月日均 {money(layer.month_average)}" if layer.month_average is not None else ""
        lines.append(f"合计 {money(layer.aum)}{average}")
    for index, holding in enumerate(layer.holdings[:_HOLDINGS_SHOWN], start=1):
        lines.append(f"{index}. {holding.product_name} {money(holding.amount, holding.currency)}")
    if len(layer.holdings) > _HOLDINGS_SHOWN:
        lines.append(f"另有 {len(layer.holdings) - _HOLDINGS_SHOWN} 项较小的")
    if layer.activity is not None:
        last = f"，最近 {layer.activity.last_on}" if layer.activity.last_on else ""
        lines.append(f"近 {layer.activity.days} 天：动账 {layer.activity.transactions} 笔、{layer.activity.active_days} 天{last}")
    if caveat:
        lines.append(f"注意：{caveat}")
    lines.append("只在本会话 10 分钟内可看，别转发。")
    return "\n".join(lines)


def list_line(customer: Customer, *, on: date) -> str:
    """One line of a list: the name and what tells two people of that name apart."""
    age = customer.age(on)
    parts = (
        f"{age}岁" if age is not None else "",
        customer.city,
        "、".join(customer.segments[:2]),
        f"尾号{customer.phone[-4:]}" if customer.phone else "",
    )
    return f"{customer.name}（{customer.id}）{'，'.join(part for part in parts if part)}"


def gap_question(gap: Gap, *, dated: bool = True) -> str:
    """A gap as the question to ask."""
    question = _QUESTIONS.get(gap.field, gap.field)
    return f"{question}（{gap.since} 过期）" if dated and gap.state is GapState.EXPIRED and gap.since else question


def gap_title(gap: Gap) -> str:
    """What is missing, in a word."""
    return _GAP_TITLES.get(gap.field, gap.field)


def money(amount: Decimal, currency: str = "CNY") -> str:
    """Say an amount: 523.10 万, or 8,200.00 元 below ten thousand; 1.20 万美元 in another currency."""
    if abs(amount) < _MYRIAD:
        return f"{amount:,.2f} {currency_name(currency)}"
    return f"{amount / _MYRIAD:,.2f} 万{'' if currency == 'CNY' else currency_name(currency)}"


def _headline(profile: Profile) -> str:
    gender = profile.known("gender")
    parts = (
        _GENDERS.get(gender.value, gender.value) if gender else "",
        f"{profile.age}岁" if profile.age is not None else "",
        "企业" if profile.kind == "company" else "",
    )
    who = " ".join(part for part in parts if part)
    return f"{profile.name}{_STATUS.get(profile.status, '')} {who}（{profile.customer_id}，看于 {profile.on}）"


def _care(profile: Profile) -> str:
    away = "（休假中）" if profile.staff_away else ""
    parts = (
        f"客户经理 {profile.staff_name}{away}" if profile.staff_name else "没有客户经理",
        profile.branch_name or "",
        f"{profile.opened_on} 开户",
    )
    return "｜".join(part for part in parts if part)


def _facts(profile: Profile) -> str:
    known = [found for field in _SHOWN_FIELDS if (found := profile.known(field))]
    return "｜".join(f"{_TITLES[one.field]} {one.value}{'' if one.source == 'bank' else '（自述）'}" for one in known)


def _risk(profile: Profile) -> str:
    if profile.risk is None:
        return "风险测评：没做过，不谈有风险的产品"
    state = f"到 {profile.risk.until} 前有效" if profile.risk.counts else f"{profile.risk.until} 已过期，不谈有风险的产品"
    return f"风险测评：{profile.risk.level}（{profile.risk.assessed_on} 测，{state}）"


def _gaps(gaps: tuple[Gap, ...]) -> list[str]:
    if not gaps:
        return []
    asked = [f"{_MARKS[index]}{gap_question(gap)}" for index, gap in enumerate(gaps[:_GAP_SHOWN])]
    more = f"（另缺 {len(gaps) - _GAP_SHOWN} 项）" if len(gaps) > _GAP_SHOWN else ""
    return [f"可以问：{' '.join(asked)}{more}"]


def _more(names: tuple[str, ...]) -> str:
    return f" 等{len(names)}项" if len(names) > _HELD_SHOWN else ""


_MARKS = "①②③"
