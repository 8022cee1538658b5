"""The customer no longer wants a person."""

from domain.conversation import Owner
from domain.effects import CancelHandOff, Effect, Say
from handlers.handler import CUSTOMER, Handler, Turn
from handlers.lookups import Lookups


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:  # noqa: ARG001  one shape for all handlers
    """Take the conversation out of the queue, if it is there."""
    if turn.conversation.owner is not Owner.WAITING:
        return (Say(draft=turn.reply("好，不转人工，我接着陪您。您想办什么？")),)
    return (CancelHandOff(), Say(draft=turn.reply("好，已经取消转接，我接着陪您。要找人随时说“人工”。")))


HANDLER = Handler(
    intent="cancel_human",
    title="不转人工了",
    audience=CUSTOMER,
    handle=handle,
    order=9,
    cues=(
        "!(?:不用|不要|别|不想)(?:再)?(?:机器|智能|你)(?:人|助手)?",
        r"(?:不用|不要|不需要|不必|无需|别|甭|先不|暂时不|用不着|没必要|不想|不)(?:再)?(?:麻烦|叫|给我)?(?:转"
        r"|找|换|叫|请|接|要)?(?:到|接|成)?(?:人工|真人|人工客服|客服|客户经理|经理|专员)(?:了|来|接"
        r"|吧)*(?![^,。!]{0,2}(?:电话|短信))[。!~ ]*(?=$|[,。!~ ])",
        "(?:不用|不要|不需要|不必|无需|别|甭|先不|暂时不用?|用不着)(?:再)?(?:麻烦|叫|找|喊|请|派|转|让)?(?:个|什么)?"
        "(?:人工|真人|客服|经理|专员|同事|人)(?:过来|来|介入|处理|联系|接|跟进|上门)",
        "(?:排队|转接|转人工|找人|人工)(?:的事|服务)?(?:就|先|给我|都)?(?:取消|撤销|不要|算了|免了)",
        r"(?:取消|撤销|撤回|停止)(?:一下|掉)?(?:转|找|接)?(?:人工|转接|排队|客服)",
        r"(?:不用|不要|别|甭)(?:再)?(?:转接?|排队|转人|找人|叫人|等人|接人)(?:了|工了)?[。!~ ]*(?=$|[,。!~ ])"
        r"|^不转了|不等(?:人工|客服|经理)?了[。! ]*$",
    ),
    examples=("人工先不用了，我问你就行", "不找人了，自己看看", "撤掉刚才的转接", "我不等了，先问别的"),
)
