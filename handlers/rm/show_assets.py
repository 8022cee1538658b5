"""The assets layer of one customer: after a one-time code, for this conversation and this customer, for ten minutes (H03)."""

from crm.profile import AssetsLayer
from domain.effects import Effect, RecordAccess, Say, UpdateConversation
from handlers.cues import UNFOLD, of_whom
from handlers.handler import RM, Handler, Turn
from handlers.lookups import Lookups, StepUpNeeded
from handlers.naming import meant
from handlers.pending import Awaited, Pending
from handlers.picking import listed
from handlers.profile_text import NOT_YOURS, assets_text
from handlers.stepped_up import awaits_code, granted, refused


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Show the assets, ask for the code, or judge the code that was asked for."""
    if awaits_code(turn, HANDLER.intent):
        return _judge(turn, lookups, turn.argument)
    customers = meant(turn, lookups, turn.argument)
    if len(customers) > 1:
        return listed(turn, lookups, customers, intent=HANDLER.intent, head=f"叫这个的有 {len(customers)} 位，看哪一位的资产？")
    if not customers:
        return (Say(draft=turn.reply(NOT_YOURS)),)
    customer = customers[0]
    layer = lookups.assets(customer.id)
    if isinstance(layer, AssetsLayer):
        return _show(turn, lookups, customer.id, customer.name, layer)
    if layer is None:
        return (Say(draft=turn.reply(NOT_YOURS)),)
    return _ask_for_code(turn, customer.id, customer.name, layer)


def _ask_for_code(turn: Turn, customer_id: str, name: str, needed: StepUpNeeded) -> tuple[Effect, ...]:
    focus = UpdateConversation(focus=customer_id)
    if not needed.enrolled:
        return (Say(draft=turn.reply("看资产要动态口令，您还没绑定。先找管理员绑定，再回来看。")), focus)
    waiting = Pending(awaited=Awaited.CODE, intent=HANDLER.intent, argument=customer_id)
    text = f"看{name}的资产要验证身份：请回 6 位动态口令。通过后 10 分钟内有效，只限这位客户。"
    return (Say(draft=turn.reply(text)), UpdateConversation(focus=customer_id, pending=str(waiting)))


def _judge(turn: Turn, lookups: Lookups, customer_id: str) -> tuple[Effect, ...]:
    customer = lookups.customer(customer_id)
    if customer is None:
        return (Say(draft=turn.reply(NOT_YOURS)),)
    outcome = lookups.try_code(turn.said)
    if not outcome.accepted:
        return refused(turn, outcome, customer_id, intent=HANDLER.intent)
    layer = lookups.assets_with(outcome, customer_id)
    if not isinstance(layer, AssetsLayer):
        return (granted(turn, outcome, customer_id), Say(draft=turn.reply(NOT_YOURS)))
    return (granted(turn, outcome, customer_id), *_show(turn, lookups, customer_id, customer.name, layer))


def _show(turn: Turn, lookups: Lookups, customer_id: str, name: str, layer: AssetsLayer) -> tuple[Effect, ...]:
    seen = RecordAccess(action="assets.viewed", customer_id=customer_id, purpose="relationship", fields=("assets", "transactions"))
    return (
        seen,
        Say(draft=turn.reply(assets_text(name, layer, caveat=lookups.caveat("assets")), about=(customer_id,))),
        UpdateConversation(focus=customer_id),
    )


_NAME = r"(?P<argument>[\u4e00-\u9fffa-z0-9·]{0,20}?)"
_ASSETS = "(?:资产|余额|持仓|存款|账户|理财|aum|资金|家底|钱)"

HANDLER = Handler(
    intent="show_assets",
    title="看资产",
    audience=RM,
    handle=handle,
    order=20,
    cues=(
        "!案例|话术|怎么(?:说|聊|谈|沟通|讲)|知识|产品|办理|证明|图|画|走势|曲线|趋势|谁|哪些|名单|偏好|配置|到期",
        of_whom("资产|持仓|家底", UNFOLD),
        f"^(?:帮我|请|麻烦|给我|我想|我要|想)?(?:展开|看看?|查查?|查询|打开|调出?|显示)(?:一下|下"
        f"|看)? ?{_NAME}(?:客户)?(?:的)? ?{_ASSETS}(?:明细|情况|层|详情|信息|分布|状况|多少)?(?:给我|看看|吧"
        f"|呢|一下)*[。!? ]*$",
        f"^{_NAME}(?:客户)?(?:的|有|在我们这|在行里|账上|现在|目前|到底|总共|一共)* ?{_ASSETS}(?:明细|情况|是"
        f"|有|合计|总额|规模)*(?:多少|几何|几个|呢|多少钱)?[。!? ]*$",
        f"^{_NAME}(?:客户)?(?:的|有|账上|现在|目前|到底|总共|一共|还|手里)*多少(?:钱|资产|存款|余额|家底)[。!? ]*$",
        f"^{_NAME}(?:客户)?(?:的)?(?:资产|存款|余额|家底|aum)?(?:是不是|有没有|到没到|够不够|超没超)(?:超过|超"
        f"|有|到|达到|够)?.{{0,8}}(?:万|亿|千万|百万|[?])",
    ),
    examples=("这位客户身家多少", "让我瞧瞧他名下都有什么、各多少", "她总共放了多少在咱们行"),
)
