"""What the assistant does for an RM, on one phone screen."""

from domain.effects import Effect, Say
from domain.message import Button
from handlers.handler import RM, Handler, Turn
from handlers.lookups import Lookups

_TEXT = """我能帮您：
1. 看客户：“张三的画像”，再“展开 资产”（要动态口令）
2. 找客户：“我的客户名单”“姓王的客户”“有哪些育儿家庭”
3. 接客户：“待接”，回数字接管，“回复 ……”说话，“释放”交还
4. 备课：“……的案例”“……怎么开口”，业务直接问
5. 全盘：“今天先做什么”“战略级客户有哪些”“健康度最差的10个”“我的客户总览图”
6. 待办：“我的待办”；投诉办完说“投诉处理完了 编号”"""
_BUTTONS = (
    Button(label="待接", payload="waiting:"),
    Button(label="客户名单", payload="find_customers:"),
    Button(label="我的待办", payload="my_tasks:"),
)


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:  # noqa: ARG001  one shape for all handlers
    """Say what can be asked."""
    return (Say(draft=turn.reply(_TEXT, buttons=_BUTTONS)),)


HANDLER = Handler(
    intent="help",
    title="帮助",
    audience=RM,
    handle=handle,
    order=60,
    cues=(
        "^(?:帮助|help|菜单|功能|说明|怎么用|你能(?:做|干)(?:什么|啥)|你会(?:什么|啥)|有(?:什么|哪些)功能"
        "|能帮我(?:做|干)?(?:什么|啥)|你好|您好|在吗|hi|hello|早|早上好|下午好|\\?)(?:[。!?呀啊吗 ])*$",
    ),
    examples=("介绍一下你的本事", "都有哪些指令", "这个怎么使"),
)
