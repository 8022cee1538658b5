"""The summary of a play for people: one page in Chinese."""

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


def show(body: Json, console: Console) -> None:
    """Print the page."""
    console.print(f"[bold]演练 {body['days']} 天[/bold]，从 {body['from']} 起；在册活跃客户 {body['customers']} 位；种子 {body['seed']}")
    titles = {touch.id: touch.title for touch in load_touches()}
    table = Table("触达", "安排", "送达", "已读", "回复", "购买", "退订", "投诉", box=None, header_style="bold")
    for name, row in body["touches"].items():
        reached = row["delivered"]
        parts = [_share(row[key], reached) for key in ("read", "answered", "bought", "opted_out", "complained")]
        table.add_row(titles.get(name, name), str(row["planned"]), f"{reached}/{row['planned']}", *parts)
    console.print(table if body["touches"] else "这些天没有到期的触达。")
    for name, row in body["touches"].items():
        if row["left_out"]:
            console.print(f"没有安排（{titles.get(name, name)}）：" + _counts(row["left_out"]))
    console.print("送出：" + _counts({_PURPOSES.get(name, name): count for name, count in body["messages"].items()}))
    said = body["customers_said"]
    console.print(f"客户说话 {said['messages']} 句：" + _counts({_ACTS.get(name, name): count for name, count in said["acts"].items()}))
    meant = [
        f"{_ACTS[act]} {row['said']}（听懂 {row['as_meant']}，人工在场 {row['to_a_person']}，没听懂 {row['missed']}）"
        for act, row in body["understood"].items()
    ]
    out, bought = body["opted_out"], body["purchases"]
    console.print("；".join(meant))
    console.print(f"退订 {out['said']} 位，记下 {out['recorded']} 位；购买 {bought['count']} 笔，{bought['amount']} 元")
    gate = body["gate"]
    held = [f"{title}：{_counts(gate[key])}" for key, title in (("block", "拦下"), ("review", "转复核"), ("defer", "推迟")) if gate[key]]
    console.print("合规闸门 " + ("；".join(held) or "没有拦下或推迟任何一条") + f"；线路不通后重发 {body['tried_again']} 次")
    hand = body["handoffs"]
    waited = f"等待中位数 {hand['minutes_median']} 分钟，最长 {hand['minutes_longest']} 分钟" if hand["taken"] else "没有人等"
    console.print(
        f"转人工 {hand['waits']} 次，接起 {hand['taken']} 次（15 分钟内 {hand['within_15_minutes']} 次，{waited}），"
        f"超时退回 {hand['returned_by_sla']} 次，没接起 {hand['not_taken']} 次"
    )
    back = body["delivered_to_us"]
    console.print(f"银行回流 {back['deliveries']} 批：" + (_counts(back["rows"]) or "没有新数据"))
    for check in body["checks"]:
        mark = f"[red]✗ {check['breach']}[/red]" if check["breach"] else "[green]✓[/green]"
        console.print(f"  {check['title']}（{check['cases']}）{mark}")


def _share(part: int, whole: int) -> str:
    return f"{part} · {part / whole:.0%}" if whole else "–"


def _counts(counts: Json) -> str:
    return "，".join(f"{name} {count}" for name, count in counts.items())
