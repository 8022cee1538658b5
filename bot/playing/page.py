"""The summary of a play for people: one page in Chinese, what matters first."""

from rich.console import Console
from rich.table import Table

from bot.report import Json
from scheduler.touches import load_touches

_PURPOSES = {
    "touch": "问候关怀",
    "marketing": "产品推荐",
    "service": "服务提醒",
    "reply": "助手答复",
    "reply_by_person": "客户经理答复",
    "internal": "发给员工",
}
_ACTS = {
    "thanks": "道谢", "question": "问业务", "need": "说需求", "product": "问产品", "press": "点按钮", "person": "找人工",
    "greet": "打招呼", "chat": "闲聊", "opt_out": "退订", "complain": "投诉",
}  # fmt: skip
_FEEDS = {
    "contacts": "联系记录", "complaints": "投诉", "outcomes": "结果", "transactions": "交易", "balances": "余额", "holdings": "持仓",
}  # fmt: skip


def show(body: Json, console: Console) -> None:
    """Print the page: whether all held, whom we reached, what customers did and asked for, how people served, what came back."""
    console.print(
        f"[bold]演练 {body['days']} 天：{body['from']} 至 {body['until']}[/bold]（模拟银行，随机种子 {body['seed']}）", highlight=False
    )
    console.print(f"截至 {body['until']}，在册活跃客户 {body['customers']:,} 位。{_verdict(body)}", highlight=False)
    _show_touches(body, console)
    lines = (
        ("送出", _counts(body["messages"], _PURPOSES)),
        ("客户", _said(body)),
        ("听懂", _understood(body)),
        ("退订", _opted_out(body)),
        ("投诉", _complaints(body)),
        ("购买", f"{body['purchases']['count']} 笔，共 {float(body['purchases']['amount']):,.2f} 元"),
        ("人工", _handoffs(body)),
        ("合规", _gate(body)),
        ("回流", _returned(body)),
    )
    for title, text in lines:
        console.print(f"[bold]{title}[/bold]  {text}", soft_wrap=True, highlight=False)
    for check in body["checks"]:
        mark = f"[red]✗ {check['breach']}[/red]" if check["breach"] else "[green]✓[/green]"
        console.print(f"  {mark} {check['title']}（查了 {check['cases']:,} 处）", soft_wrap=True, highlight=False)


def _verdict(body: Json) -> str:
    broken = [check["title"] for check in body["checks"] if check["breach"]]
    if broken:
        return f"[red]{len(body['checks'])} 项底线中 {len(broken)} 项没守住：{'、'.join(broken)}。[/red]"
    return f"{len(body['checks'])} 项底线全部守住。"


def _show_touches(body: Json, console: Console) -> None:
    if not body["touches"]:
        console.print("这些天没有到期的触达。")
        return
    titles = {touch.id: touch.title for touch in load_touches()}
    table = Table("触达", "安排", "送达", "已读", "回复", "购买", "退订", "投诉", box=None, header_style="bold")
    for name, row in body["touches"].items():
        reached = row["delivered"]
        parts = [_share(row[key], reached) for key in ("read", "answered", "bought", "opted_out", "complained")]
        table.add_row(titles.get(name, name), f"{row['planned']:,}", f"{reached:,}", *parts)
    console.print(table)
    for name, row in body["touches"].items():
        if row["left_out"]:
            console.print(f"{titles.get(name, name)}没有安排的人次和原因：{_counts(row['left_out'])}", soft_wrap=True, highlight=False)


def _said(body: Json) -> str:
    said = body["customers_said"]
    return f"说了 {said['messages']:,} 句：{_counts(said['acts'], _ACTS)}" if said["messages"] else "没有人说话"


def _understood(body: Json) -> str:
    """Of what must be understood (a refusal, a complaint, the wish for a person): how much was, and where the rest went."""
    parts = []
    for act, row in body["understood"].items():
        if not row["said"]:
            continue
        rest = [f"{count} 次{where}" for where, count in (("由在场的人听到", row["to_a_person"]), ("没听懂", row["missed"])) if count]
        parts.append(f"{_ACTS[act]} {row['said']} 次听懂 {row['as_meant']} 次" + (f"，{'，'.join(rest)}" if rest else ""))
    return "；".join(parts) or "没有人退订、投诉或找人工"


def _opted_out(body: Json) -> str:
    out = body["opted_out"]
    earlier = f"；此前已退订 {out['before']} 位，一直没有打扰" if out["before"] else ""
    return f"{out['said']} 位，记下 {out['recorded']} 位{earlier}"


def _complaints(body: Json) -> str:
    row = body["complaints"]
    return f"登记 {row['opened']} 件，办结 {row['closed']} 件，还没办结 {row['open']} 件（办结前不问候、不推荐）"


def _handoffs(body: Json) -> str:
    hand = body["handoffs"]
    if not hand["waits"]:
        return "没有人等"
    waited = f"等待中位数 {hand['minutes_median']} 分钟，最长 {hand['minutes_longest'] / 60:.1f} 小时"
    soon = _share(hand["within_15_minutes"], hand["waits"])
    told = f"转人工 {hand['waits']:,} 次，15 分钟内接起 {soon}；{waited if hand['taken'] else '没有接起的'}"
    return f"{told}；接了不说话被退回 {hand['returned_by_sla']} 次，到最后没接起 {hand['not_taken']} 次"


def _gate(body: Json) -> str:
    gate = body["gate"]
    held = [f"{title}：{_counts(gate[key])}" for key, title in (("block", "拦下"), ("review", "转复核"), ("defer", "推迟")) if gate[key]]
    return ("；".join(held) or "没有一条需要拦下或推迟") + f"；线路不通后重发 {body['tried_again']} 次"


def _returned(body: Json) -> str:
    back = body["delivered_to_us"]
    refused = f"；拒收 {back['rejected']} 行" if back["rejected"] else ""
    return f"银行每天一批共 {back['deliveries']} 批：{_counts(back['rows'], _FEEDS) or '没有新数据'}{refused}"


def _share(part: int, whole: int) -> str:
    return f"{part:,} · {part / whole:.1%}" if whole else "–"


def _counts(counts: Json, titles: dict[str, str] | None = None) -> str:
    return "，".join(f"{(titles or {}).get(name, name)} {count:,}" for name, count in counts.items())
