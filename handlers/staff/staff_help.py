"""What the assistant does for colleagues other than RMs; also where their unclear turns go."""

from domain.effects import Effect, Say
from domain.party import Role
from handlers.handler import STAFF, Handler, Turn
from handlers.lookups import Lookups


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:  # noqa: ARG001  one shape for all handlers
    """Say what can be asked."""
    text = "直接问业务就行，比如挂失、开户、测评、大额取现。没答上来，说明知识库缺这一条，请告诉产品或合规同事补卡。"
    return (Say(draft=turn.reply(text)),)


HANDLER = Handler(
    intent="staff_help",
    title="帮助",
    audience=STAFF - {Role.RM},
    handle=handle,
    order=60,
    cues=("^(?:帮助|help|菜单|功能|怎么用|你能(?:做|干)(?:什么|啥)|你好|您好|在吗|hi|hello|\\?)(?:[。!?呀啊吗 ])*$",),
    examples=("都能问你什么", "介绍下你自己"),
)
