"""The customer wants a person."""

from domain.effects import Effect, Say, UpdateConversation
from handlers.forms import form_of, shown
from handlers.handler import CUSTOMER, Handler, Turn
from handlers.lookups import Lookups
from handlers.people import arrange_person


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Ask for a person, say who comes and when, and hand over what a form holds so far."""
    arranged = arrange_person(turn, lookups, reason=_reason(turn))
    leave_form = (UpdateConversation(clear=("form",)),) if turn.conversation.form else ()
    return (Say(draft=turn.reply(arranged.text)), *leave_form, *arranged.effects)


def _reason(turn: Turn) -> str:
    state = turn.conversation.form
    spec = form_of(state)
    if spec is None or state is None:
        return "客户要求人工"
    said = "，".join(f"{slot.title}{shown(slot, value)}" for slot in spec.slots if (value := state.value(slot.name)))
    return f"{spec.title}：{said or '还没说细节'}"


_STAFF = (
    "(?:客服人员|客服小[姐妹哥]|接线员|工作人员|值班人员|大堂经理|客户经理|理财经理|你们经理|经理|专员"
    "|柜员|坐席|座席|你们的人|客服(?!电话|热线|号码|中心)|管事的|负责人|主管|领导|能做主的人?|懂行的"
    "|会说人话的)"
)
_PERSON = f"(?:人工|真人|活人|{_STAFF})"
_NOT = "(?:不用|不要|不想|不需要|不必|无需|别|甭|先不|暂时不|不转|取消|用不着|没必要)"

HANDLER = Handler(
    intent="request_human",
    title="转人工",
    audience=CUSTOMER,
    handle=handle,
    order=10,
    cues=(
        # Not wanted, or only asked about.
        "!(?:不用|不要|不需要|别|甭|无需)(?:再)?(?:叫|找|喊|请|派|转)(?:个|什么)?人(?:来|了|工)",
        f"!{_NOT}[^,。!]{{0,6}}(?:转|找|换|叫|要|接|请|麻烦)?[^,。!]{{0,3}}(?:人工|真人|客服|经理|专员)",
        "!(?:谁是|是谁|叫什么|姓什么|电话(?:号码)?(?:是|多少)|怎么联系|联系方式|号码)",
        "!(?:人工智能|人工费|人工成本|人工湖|人工授精|人工受孕)",
        "^(?:人工|真人|客服|找人|转人工)+[!。 ]*$",
        "!(?:投诉|举报).{0,6}(?:经理|客服|人工)|(?:经理|客服|人工).{0,10}(?:骗|态度|太差|不理|敷衍)",
        r"^(?:人工|真人|客服|找人|要人|转人|人工客服|人工服务|接线员|转接|求助|找客服|help|human|agent|rengong)[吧呀啊呢了]*[!。~ ]*$",
        f"(?:转|换|找|叫|要|接|请|给我|帮我|呼叫|联系|安排|派|来)(?:我|一?个|下|一下|到|接|通|成|你们|你们的"
        f"|上|您们|那边|个能说话的)*(?:{_PERSON})(?!家|民|生|工智能|民币|脸)",
        "(?:找|叫|换|请|派|来|转|(?<!不)要|给我|帮我找)(?:我)?(?:个|一个|位|你们的?|能说话的|懂的)*人(?:员)?"
        "(?=$|[,。!?~ 吧啊呀来了]|(?:跟|和|同|给)我|接|处理|对接|说|聊|谈|帮|解答|服务|咨询|问一?下)",
        "(?:找|叫|喊|接|转|请|呼叫)(?:一?下|给|到|我|通)*[一-鿿]{1,2}经理(?!的?(?:电话|手机|微信)|是谁|叫什么"
        "|.{0,6}(?:回我|打给|给我打|联系我|回电|电话))",
        r"\b(?:human|agent|representative|operator|real person|live chat)\b",
        "^(?:人|经理|客服|人工|工作人员)(?:呢|在哪|怎么还|还没|到哪|什么时候来|几时来)",
        f"(?:想|要|能|可以|能不能|可不可以)(?:和|跟|同|与)(?:你们的?|咱们的?|你|您)?(?:{_PERSON}|人)"
        "(?:当面|直接|电话里?|好好)?(?:说|聊|谈|沟通|讲|对话|通话)",
        "(?:有没有|有|在不在|难道没|没有)(?:个)?(?:真人|活人|人工|客服|人在|人)(?:吗|在|啊|能|来|管|接|可以|没|$)",
        "(?:不想|不要|别|不愿意?)(?:再)?(?:跟|和|同|让)(?:你|机器|机器人|智能助手|ai)(?:说|聊|废话|讲|对话"
        "|啰嗦)|(?:你|机器人)(?:解决|处理)不了.{0,8}(?:人|客服)",
        "(?:叫|让|请)(?:个|你们|你们的)?(?:真?人|人工|客服|经理|领导)(?:来|出来|接|跟我|和我|说话)",
        "^(?:我的)?(?:客户经理|理财经理)(?:呢|在吗|在不在|人呢)",
        "人工(?:客服|服务|坐席|台|处理|接待|接|咨询|帮|介入|来|吧|通道|在吗|在线)",
    ),
    examples=(
        "让个活人来跟我讲",
        "我要跟你们工作人员说话",
        "别机器回复了，叫你们的人出来",
        "说不明白，给我接线员",
        "找个懂的人来",
        "请人处理一下",
        "你答不了，换人",
        "能请专人对接吗",
        "我只想跟真正的人沟通",
    ),
)
