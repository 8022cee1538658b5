"""Thanks and farewells."""

import re

from domain.effects import Effect, Say
from handlers.handler import CUSTOMER, Handler, Turn
from handlers.lookups import Lookups

_FAREWELL = re.compile(r"再见|拜|bye|886|88|回头见|晚安|下次|走了|先这样|没(?:别的)?事了|没有了")


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:  # noqa: ARG001  one shape for all handlers
    """Answer in kind, shortly, and sell nothing."""
    text = "好，您慢走，有事随时来说。" if _FAREWELL.search(turn.said) else "不客气，能帮上就好。还有别的事随时说。"
    return (Say(draft=turn.reply(text)),)


_END = r"[了啦啊呀哦哈呢吧哟喽咯,，。!~ ]*"

HANDLER = Handler(
    intent="courtesy",
    title="道谢告别",
    audience=CUSTOMER,
    handle=handle,
    order=31,
    cues=(
        rf"^(?:好的?|行|嗯+|ok|知道了?|明白了?|清楚了?|收到|懂了|可以了?|那)*{_END}(?:非常|太|多|十分|真是|真的"
        rf"|很)?(?:谢谢|谢|感谢|多谢|谢谢侬|唔该|辛苦|麻烦|thanks|thank you|thx|3q)(?:了|你|您|你们|啦|的|帮忙"
        rf"|帮助|解答|耐心|啊)*{_END}$",
        rf"^(?:那|我|好|就|好的|行|嗯)*{_END}(?:再见|拜拜|拜|bye|byebye|886|88|回头见|回头聊|下次聊|下次见|晚安"
        rf"|先这样|就这样|没事了|没别的事了?|没有了|不用了谢谢|我走了|走了|先走了){_END}$",
        rf"^(?:好的?|行|嗯+|哦+|噢+|ok|知道了?|明白了?|清楚了?|收到|懂了|了解|了解了|可以了?|好嘞|好滴|没问题)"
        rf"{_END}(?:好的?|知道了?|明白了?|了){{0,2}}{_END}$",
    ),
    examples=("帮大忙了", "你服务挺周到的", "讲得很清楚", "那就先聊到这", "改天再来问你"),
)
