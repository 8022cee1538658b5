"""An RM gives a conversation back to the assistant."""

from domain.effects import Effect, Release, Say
from domain.message import Button
from handlers.handler import RM, Handler, Turn
from handlers.held import the_one
from handlers.lookups import Lookups
from language.normalise import clip


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Release the named conversation, or the only one."""
    if ":" in turn.argument:
        return (Release(conversation_id=turn.argument),)
    held = lookups.held()
    entry = the_one(turn, held, name=turn.argument.strip())
    if entry is not None:
        return (Release(conversation_id=entry.conversation_id),)
    if not held:
        return (Say(draft=turn.reply("您现在没有接管任何会话，不用交还。")),)
    lines = [f"{index}. {one.customer_name}" for index, one in enumerate(held, start=1)]
    buttons = tuple(Button(label=clip(one.customer_name, 8), payload=f"release:{one.conversation_id}") for one in held)
    return (Say(draft=turn.reply("\n".join(("交还哪一位？", *lines, "回数字就行。")), buttons=buttons)),)


HANDLER = Handler(
    intent="release",
    title="交还",
    audience=RM,
    handle=handle,
    order=9,
    cues=(
        r"^(?:我)?(?:释放|交还|归还|还给(?:机器人|助手|你)|退出接管|结束接管|取消接管|停止接管|结束人工"
        r"|结束会话|结束对话|解除接管|放手)(?:给助手|给机器人|会话|了"
        r"|吧)* ?(?P<argument>[\u4e00-\u9fff]{2,4})?(?:的会话|的)?[。! ]*$",
        "^(?:你|助手|机器人)(?:来)?接(?:着|回去|手|走)?(?:吧|答|聊|管)*[。! ]*$",
    ),
    examples=("聊完了，你来吧", "后面交给助手", "我这边处理好了，撤了"),
)
