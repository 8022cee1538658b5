"""How far a company's business limit may be looked at again from its taxes (F12): in percent, in amounts after a one-time code."""

from crm.profile import AssetsLayer
from domain.book import Customer
from domain.effects import Effect, RecordAccess, Say, UpdateConversation
from handlers.handler import RM, Handler, Turn
from handlers.lookups import Lookups, StepUpNeeded
from handlers.naming import meant
from handlers.pending import Awaited, Pending
from handlers.picking import listed
from handlers.profile_text import NOT_YOURS
from handlers.stepped_up import awaits_code, granted, refused
from handlers.tax_text import tax_text

_UNKNOWN = "没有可用的纳税数据：要么没送来，要么客户没有同意使用税务数据。先征得同意，再谈按纳税看额度。"


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Tell the band, or judge the code that shows its amounts."""
    if awaits_code(turn, HANDLER.intent):
        return _judge(turn, lookups, turn.argument)
    customers = meant(turn, lookups, turn.argument)
    if len(customers) > 1:
        return listed(turn, lookups, customers, intent=HANDLER.intent, head=f"叫这个的有 {len(customers)} 位，看哪一位的额度？")
    if not customers:
        return (Say(draft=turn.reply(NOT_YOURS)),)
    layer = lookups.assets(customers[0].id)
    shown = _shown(turn, lookups, customers[0], amounts=isinstance(layer, AssetsLayer))
    if not (isinstance(layer, StepUpNeeded) and layer.enrolled):
        return shown
    waiting = Pending(awaited=Awaited.CODE, intent=HANDLER.intent, argument=customers[0].id)
    return (*shown, UpdateConversation(pending=str(waiting)))


def _shown(turn: Turn, lookups: Lookups, customer: Customer, *, amounts: bool) -> tuple[Effect, ...]:
    focus = UpdateConversation(focus=customer.id)
    view = lookups.tax_limit(customer.id)
    if view is None:
        return (Say(draft=turn.reply(f"{customer.name}：{_UNKNOWN}", about=(customer.id,))), focus)
    fields = ("needs", "assets") if amounts else ("needs",)
    seen = RecordAccess(action="tax.viewed", customer_id=customer.id, purpose="relationship", fields=fields)
    hint = "" if amounts or view.shares is None else "\n要看金额，请回 6 位动态口令。"
    return (seen, Say(draft=turn.reply(f"{tax_text(customer.name, view, amounts=amounts)}{hint}", about=(customer.id,))), focus)


def _judge(turn: Turn, lookups: Lookups, customer_id: str) -> tuple[Effect, ...]:
    customer = lookups.customer(customer_id)
    if customer is None:
        return (Say(draft=turn.reply(NOT_YOURS)),)
    outcome = lookups.try_code(turn.said)
    if not outcome.accepted:
        return refused(turn, outcome, customer_id, intent=HANDLER.intent)
    return (granted(turn, outcome, customer_id), *_shown(turn, lookups, customer, amounts=True))


_NAME = r"(?P<argument>[\u4e00-\u9fffa-z0-9·（）()]{0,20}?)"
_ASK = "(?:帮我|请|麻烦|给我|我想|我要|想)?(?:看看?|查查?|算算?|评估|测算)?(?:一下|下)?"
_LIMIT = "(?:经营贷|贷款|授信|经营性贷款|小微贷)?(?:的)?额度"
_MORE = (
    "(?:还|大概|最多|可以|能|可|会|该|能不能|可不可以|有没有)*(?:再)?(?:提|涨|增加?|调高|提升|提高|放大|扩)(?:到|至|升|高|额)?"
    "(?:多少|几成|空间|吗|不|一?点|的空间)*"
)
_FROM_TAX = "(?:纳税|税务|交税|税)(?:情况|数据|来看|看)?"
_WHOSE = f"{_NAME}(?:这家|公司|客户)?(?:的)?"

HANDLER = Handler(
    intent="tax_limit",
    title="按纳税看额度",
    audience=RM,
    handle=handle,
    order=19,
    about_one=True,
    cues=(
        "!信用卡|话术|案例|临时",
        f"^{_ASK}{_WHOSE}(?:按|根据|从|照|凭){_FROM_TAX}.{{0,6}}(?:额度|提额|提多少|提升).{{0,8}}$",
        f"^{_ASK}(?:按|根据|从|照)?(?:{_FROM_TAX})?[,]?{_WHOSE}{_LIMIT}{_MORE}[。!? ]*$",
        f"^{_ASK}{_WHOSE}(?:纳税|税务|交税)(?:情况|数据)?(?:能|够|支持|可以)(?:不能|不够)?(?:提额|提升额度|提额度|加额度).{{0,6}}$",
        f"^{_ASK}{_WHOSE}{_LIMIT}(?:的)?(?:提升|提额)?空间(?:有多大|多大|多少|怎么样|呢|有吗|有没有)*[。!? ]*$",
    ),
    examples=("这家公司税交得多了，贷款额度能不能往上调", "按报税数据看看他的额度空间"),
)
