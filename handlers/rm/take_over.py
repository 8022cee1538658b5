"""An RM takes a customer's conversation."""

from collections.abc import Sequence

from domain.effects import Effect, Say, TakeOver
from domain.message import Button
from handlers.handler import RM, Handler, Turn
from handlers.lookups import Lookups, QueueEntry
from language.normalise import clip, normalise


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Take the conversation that is named by id or by the customer's name; the only one when nothing is named."""
    if ":" in turn.argument:
        return (TakeOver(conversation_id=turn.argument),)
    queue = lookups.queue()
    named = [entry for entry in queue if _is_named(entry, turn)] if turn.argument else list(queue)
    if len(named) == 1:
        return (TakeOver(conversation_id=named[0].conversation_id),)
    if not named:
        return (Say(draft=turn.reply("没有这样的客户在等。发“待接”看当前队列。")),)
    return _which(turn, named)


def _is_named(entry: QueueEntry, turn: Turn) -> bool:
    wanted = normalise(turn.argument).strip(" 的")
    return bool(wanted) and (wanted in normalise(entry.customer_name) or wanted.upper() == entry.customer_id)


def _which(turn: Turn, entries: Sequence[QueueEntry]) -> tuple[Effect, ...]:
    lines = [f"{index}. {entry.customer_name}：{entry.reason}" for index, entry in enumerate(entries, start=1)]
    buttons = tuple(Button(label=clip(f"接{entry.customer_name}", 8), payload=f"take_over:{entry.conversation_id}") for entry in entries)
    return (Say(draft=turn.reply("\n".join(("接哪一位？", *lines, "回数字就行。")), buttons=buttons)),)


HANDLER = Handler(
    intent="take_over",
    title="接管",
    audience=RM,
    handle=handle,
    order=11,
    cues=(
        "!(?:结束|取消|释放|停止|交还|退出)",
        r"^(?:我(?:来|要|去)?|由我|现在)?(?:接管|接手|接入|接待|接起|接一下|接)(?:一下)? ?"
        r"(?:客户)?(?P<argument>[\u4e00-\u9fffa-z0-9]{0,12}?)(?:的会话|的对话|这个|这位|吧|了|的)*[。! ]*$",
    ),
    examples=("这个我来跟客户说", "我亲自回他", "把这单转我手上", "让我跟她聊"),
)
