"""Health as a colleague says it: the number, what it rests on, what pulls it down, the next step. Percentages, never sums."""

from collections.abc import Callable
from datetime import date
from math import floor

from crm.health.book import Book
from crm.health.definitions import definitions
from crm.health.judged import Driver, Health, Light
from crm.health.nps import Nps

_LIGHTS = {Light.RED: "红", Light.AMBER: "黄", Light.GREEN: "绿"}
_SHOWN_DRIVERS = 2


def health_text(name: str, health: Health, *, label: str = "", as_of: date, caveat: str = "") -> str:
    """The answer to "is this relation well"."""
    if health.score is None:
        return f"{name}：能用的数据都没有，健康度不打分（截至 {as_of}）。{_note(caveat)}"
    head = f"{name}{f'（{label}）' if label else ''}健康度 {points(health.score)}（{_LIGHTS[health.light or Light.RED]}）{_changes(health)}"
    lines = [head, _dimensions(health), _why(health), f"截至 {as_of}。{_note(caveat)}"]
    return "\n".join(line for line in lines if line)


def health_line(name: str, health: Health) -> str:
    """One line of a list: name, number, arrow, and the two things that cost most."""
    if health.score is None or health.light is None:
        return f"{name}｜无数据"
    drivers = "、".join(said(driver, health) for driver in health.drivers[:_SHOWN_DRIVERS])
    return f"{name}｜{points(health.score)} {_LIGHTS[health.light]} {arrow(health)}{f'｜{drivers}' if drivers else ''}"


def standing(health: Health | None) -> str:
    """The number, its light and its arrow, in a few words; nothing where there is no number."""
    return f"健康度 {points(health.score)}（{light(health)}）{arrow(health)}" if health and health.score is not None else ""


def book_text(book: Book, *, whose: str, as_of: date, caveat: str = "") -> str:
    """The health of a whole book."""
    lights = " ".join(f"{_LIGHTS[light]} {count}" for light, count in book.lights.items())
    unknown = f"，{book.customers - book.known} 位无数据" if book.customers > book.known else ""
    median = f"，中位数 {points(book.median)}" if book.median is not None else ""
    moved = f"近30天：{book.falling} 位走低、{book.rising} 位走高（可比 {book.with_trend} 位）" if book.with_trend else "走势：无数据"
    lines = [f"{whose} {book.customers} 位客户：{lights}{median}{unknown}", moved, _nps(book.nps, book.asked), _complaints(book)]
    return "\n".join((*lines, f"截至 {as_of}。{_note(caveat)}"))


def points(score: float) -> int:
    """A score as it is said: never rounded over a limit of a light."""
    return floor(score)


def light(health: Health) -> str:
    """红, 黄 or 绿."""
    return _LIGHTS[health.light or Light.RED]


def arrow(health: Health) -> str:
    """Which way it went within the nearer of the days of the trend."""
    change = health.changes[definitions().days_back[1]]
    if change is None:
        return "走势无数据"
    if abs(change) < definitions().steady:
        return "→"
    return f"{'↑' if change > 0 else '↓'}{abs(round(change))}"


def said(driver: Driver, health: Health) -> str:
    """What a driver found, in a few words."""
    return _SAID[driver.metric](health)


def _changes(health: Health) -> str:
    said_changes = []
    for back, change in health.changes.items():
        if change is None:
            continue
        moved = "持平" if abs(change) < definitions().steady else f"{'↑' if change > 0 else '↓'}{abs(round(change))}"
        said_changes.append(f"近{back}天{moved}")
    return f"，{'，'.join(said_changes)}" if said_changes else "，走势无数据"


def _dimensions(health: Health) -> str:
    shown, missing = [], False
    for one in definitions().dimensions:
        score = health.dimensions[one.name]
        missing = missing or score is None
        shown.append(f"{one.title} {'无数据' if score is None else points(score)}")
    surveys = "" if health.dimensions["satisfaction"] is None or health.points["surveys"] is not None else "（问卷无数据）"
    return f"{'｜'.join(shown)}{surveys}{'，缺的权重已分给其他项' if missing or surveys else ''}"


def _why(health: Health) -> str:
    if not health.drivers:
        return "没有明显拖分的地方，照常联系就好。"
    drivers = "；".join(said(driver, health) for driver in health.drivers[:_SHOWN_DRIVERS])
    return f"拖分：{drivers}。{_NEXT[health.drivers[0].metric]}"


def _change(own: float | None, peers: float | None) -> str:
    against = f"（同类{_percent(peers)}）" if peers is not None else "（同类样本不足）"
    return f"较本人基线{_percent(own)}{against}" if own is not None else "本来就少"


def _percent(ratio: float | None) -> str:
    if ratio is None:
        return "无数据"
    share = floor(abs(1 - ratio) * 100 + 0.5)
    return "持平" if share == 0 else f"{'−' if ratio < 1 else '+'}{share}%"


def _silent(health: Health) -> str:
    return f"{health.row['silent_days']} 天没有动静"


def _complained(health: Health) -> str:
    count = health.row["complaints"]
    return f"近一年投诉 {count} 次（联系 {health.row['contacts'] or 0} 次）" if count else "联系少，按全行投诉率估"


_SAID: dict[str, Callable[[Health], str]] = {
    "assets": lambda _: "资产在同类里靠后",
    "penetration": lambda health: f"只用了 {health.row['categories']} 类产品（可用 {health.row['applicable']} 类）",
    "assets_change": lambda _: "日均资产比三个月前走低",
    "logins": lambda health: f"登录{_change(health.row['own_login_change'], health.row['peer_login_change'])}",
    "dealings": lambda health: f"交易{_change(health.row['own_dealing_change'], health.row['peer_dealing_change'])}",
    "silence": _silent,
    "surveys": lambda health: f"近一年 {health.row['answers']} 份问卷打分偏低",
    "complaints": _complained,
}
_NEXT = {
    "assets": "不急着推，先弄清他在别处怎么打理。",
    "penetration": "下次聊聊他日常还在用哪家的什么服务。",
    "assets_change": "先问这笔钱的去处，别谈产品。",
    "logins": "问一句：手机银行最近用着顺不顺？",
    "dealings": "问一句：最近有没有哪里不方便？",
    "silence": "打个电话，先关心近况。",
    "surveys": "先问上次哪里没做好。",
    "complaints": "先回投诉的结果，再谈别的。",
}


def _nps(found: Nps | None, asked: int) -> str:
    if found is None:
        return f"NPS：无数据（问了 {asked} 份，没人答）" if asked else "NPS：无数据"
    few = "，样本不足" if not found.enough else ""
    return f"NPS {found.score:+.0f}±{found.half:.0f}（n={found.answers}{few}；问了 {found.asked} 份，未答 {found.silent:.0%}）"


def _complaints(book: Book) -> str:
    rate = book.complaints_per_thousand
    if rate is None:
        return "投诉率：无数据"
    return f"投诉：每千次联系 {rate:.1f} 次（{book.complaints}/{book.contacts}，近一年）"


def _note(caveat: str) -> str:
    return f"\n注意：{caveat}" if caveat else ""
