"""The queue: which customers wait for a person, and which the RM holds."""

from datetime import datetime

from domain.effects import Effect, RecordAccess, Say
from domain.message import Button
from handlers.handler import RM, Handler, Turn
from handlers.lookups import Lookups, QueueEntry
from language.normalise import clip

_SHOWN = 5
_LINES = 2  # of what was said: the last is often only the wish for a person


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """List them, longest first, with what was said; numbers take over."""
    queue, held = lookups.queue(), lookups.held()
    in_hand = f"您正在接：{'、'.join(entry.customer_name for entry in held)}。" if held else ""
    if not queue:
        return (Say(draft=turn.reply(f"现在没有客户在等。{in_hand}")),)
    shown = queue[:_SHOWN]
    more = f"（先列 {_SHOWN} 位）" if len(queue) > _SHOWN else ""
    lines = [f"{index}. {_line(entry, at=turn.at)}" for index, entry in enumerate(shown, start=1)]
    text = "\n".join(part for part in (f"{len(queue)} 位客户在等{more}：", *lines, in_hand, "回数字接管。") if part)
    buttons = tuple(Button(label=clip(f"接{entry.customer_name}", 8), payload=f"take_over:{entry.conversation_id}") for entry in shown)
    seen = tuple(
        RecordAccess(action="queue.viewed", customer_id=entry.customer_id, purpose="service", fields=("identity", "conversation"))
        for entry in shown
    )
    return (*seen, Say(draft=turn.reply(text, buttons=buttons, about=tuple(entry.customer_id for entry in shown))))


def _line(entry: QueueEntry, *, at: datetime) -> str:
    minutes = int((at - entry.since).total_seconds() // 60)
    waited = f"等了 {minutes} 分钟" if minutes < 120 else f"等了 {minutes // 60} 小时"
    urgent = "，急" if entry.urgency == "high" else ""
    said = "".join(f"\n   {clip(line, 40)}" for line in entry.summary.splitlines()[-_LINES:])
    return f"{entry.customer_name}（{waited}{urgent}）{entry.reason}{said}"


HANDLER = Handler(
    intent="waiting",
    title="待接",
    audience=RM,
    handle=handle,
    order=10,
    offered=True,
    cues=(
        "^(?:看看?|查查?|刷新|打开|我的)?(?:一下|下)?(?:待接|待接入|待接管|队列|排队|等待|候接|待人工"
        "|待处理会话|人工队列)(?:列表|客户|的|情况|名单|有谁|有吗|呢)*[。!? ]*$",
        "(?:谁|哪些人?|有(?:没有)?(?:人|客户|谁)|几个人?|多少人?|哪几个|客户)(?:还|正)?在(?:等|排队|找我"
        "|找人)|(?:谁|有人|有没有人|客户)(?:在)?(?:找我|等我|等着|要人工|转人工|等人工)|(?:待|要)我接(?:的"
        "|管)",
    ),
    examples=("哪位客户正等着回话", "看一眼排着的人", "有要我处理的会话吗", "人工请求来了没"),
)
