"""Pages that need no script: who are you, how to get in, not found. Everything that is not ours is escaped."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import quote

from domain.book import BankSizes
from domain.party import Party

LOOK = Path(__file__).parent / "look"
STYLE = f"/look/style.css?v={int((LOOK / 'style.css').stat().st_mtime)}"
VIEWPORT = "width=device-width, initial-scale=1, viewport-fit=cover"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody to be, in a sandbox. `note` says in a few words who that is."""

    party: Party
    name: str
    note: str


def message(title: str, *lines: str) -> str:
    """A page that says something and asks for nothing."""
    said = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return _page(title, f"<h1>{escape(title)}</h1>{said}")


def how_to_get_in(*, sandbox: bool) -> str:
    """For somebody whom we do not know."""
    if sandbox:
        return message("没有找到这个人", "请回到首页，选一位客户或员工再进来。")
    return message(
        "请用银行发给您的链接进来",
        "这里是您和银行之间的对话，只认本人。客户经理可以发给您一个进入的链接，十分钟内打开有效。",
        "如果链接已经过期，请让客户经理再发一个，或者拨打银行卡背面的客服电话。",
    )


def who_are_you(
    *,
    sizes: BankSizes | None,
    personas: Sequence[Person],
    managers: Sequence[Person],
    staff: Sequence[Person],
    customers: Sequence[Person],
    found: int,
    phones: str = "",
) -> str:
    """The first page of a sandbox: the bank in four numbers, whom the documents tell of, and everybody else whom one can be."""
    wecom = (
        f'<p class="elsewhere"><a href="{escape(phones)}" target="_blank" rel="noreferrer">微信里看（手机页）</a>：'
        "客户的微信、客户经理的企业微信、客服接待，三部手机并排，也是虚构的。</p>"
        if phones
        else ""
    )
    told = f"<h2>十二个故事里的人和企业</h2>{_people(personas, '/chat', kind='people stories')}" if personas else ""
    body = (
        "<h1>您想以谁的身份试试？</h1>"
        "<p>这是一家虚构的银行，里面的人都不存在。点一位客户，就以他的身份聊；再开一个窗口，做他的客户经理。</p>"
        f"{wecom}"
        f"{_sizes(sizes) if sizes else ''}{told}"
        f"<h2>客户经理的工作台</h2>{_people(managers, '/workbench', kind='people managers')}"
        f"<h2>找别的人</h2>{_find('')}"
        f"{_folded(f'其他员工（{len(staff)} 位）', _people(staff, '/workbench'), shown=False)}"
        f"{_folded(_counted(customers, found), _people(customers, '/chat'), shown=not personas)}"
    )
    return _page("选择身份", body)


def those_found(*, staff: Sequence[Person], customers: Sequence[Person], wanted: str, found: int) -> str:
    """Those of a sandbox whom somebody looked for."""
    body = (
        f'<h1>您想以谁的身份试试？</h1><p><a href="/">回到首页</a></p>{_find(wanted)}'
        f"<h2>员工</h2>{_people(staff, '/workbench')}<h2>{_counted(customers, found)}</h2>{_people(customers, '/chat')}"
    )
    return _page("选择身份", body)


def _sizes(sizes: BankSizes) -> str:
    counted = (
        ("个人客户", sizes.persons),
        ("企业客户", sizes.companies),
        ("在用账户", sizes.accounts),
        ("近 12 个月交易", sizes.transactions),
    )
    numbers = "".join(f"<div><dt>{name}</dt><dd>{count:,}</dd></div>" for name, count in counted)
    day = sizes.as_of
    return f'<dl class="sizes" aria-label="这家银行">{numbers}</dl><p class="as-of">数据截至 {day.year} 年 {day.month} 月 {day.day} 日</p>'


def _find(wanted: str) -> str:
    return (
        '<form class="find" method="get" action="/" role="search">'
        f'<input type="search" name="q" value="{escape(wanted)}" maxlength="40" placeholder="姓名、编号或客群" aria-label="找人">'
        '<button class="button button--strong">查找</button></form>'
    )


def _counted(customers: Sequence[Person], found: int) -> str:
    more = f"，先显示 {len(customers)} 位" if found > len(customers) else ""
    return f"客户（{found:,} 位{more}）"


def _folded(title: str, body: str, *, shown: bool) -> str:
    return f'<details class="folded"{" open" if shown else ""}><summary>{title}</summary>{body}</details>'


def _people(people: Iterable[Person], path: str, *, kind: str = "people") -> str:
    rows = [
        f'<li><a class="person" href="{path}?as={quote(str(person.party))}"><b>{escape(person.name)}</b>'
        f"<small>{escape(person.party.id)} · {escape(person.note)}</small></a></li>"
        for person in people
    ]
    return f'<ul class="{kind}">{"".join(rows)}</ul>' if rows else "<p>没有找到。</p>"


def _page(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{escape(title)} · 陪伴</title>'
        f'<meta name="viewport" content="{VIEWPORT}"><link rel="stylesheet" href="{STYLE}">'
        f'<link rel="icon" href="/favicon.ico"></head><body><main class="plain">{body}</main></body></html>'
    )
