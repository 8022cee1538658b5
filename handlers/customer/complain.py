"""A complaint: facts first, then the feeling, then a number, a deadline and who is responsible.

银行业保险业消费投诉处理管理办法（2020年第3号令）: taken at once, decided within 15 days.
The first answer is promised for the next working day.
"""

import re

from compliance.days import bank_day
from domain.conversation import Owner
from domain.effects import Effect, HandOff, OpenTask, Say, UpdateConversation
from handlers.handler import CUSTOMER, Handler, Turn
from handlers.lookups import Lookups
from handlers.pending import Awaited, Pending
from handlers.people import manager_name
from handlers.working_time import end_of, next_working_day, told
from language.normalise import clip

_BARE = re.compile(
    r"(?:我|要|想|去|来|给|你|你们|这|也|真的?|实在|必须|一定|现在|马上|就是|银行|个|说法|讨|投诉|举报|太"
    r"|过分|了|差劲|离谱|气死|生气|火大|受不了|"
    r"不满意?|欺负|人|坑|骗子|垃圾|什么|破|服务|态度|投訴|[,。!?~ 啊吧呢呀])+"
)
_QUOTED = 60
_FEELING = "遇到这种事，换谁都着急，是我们没做好。"


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Ask for the one fact that is missing, or write the complaint down and say what happens."""
    # A person who holds the conversation asks for themselves.
    if turn.argument != "told" and turn.conversation.owner is not Owner.HUMAN and _BARE.fullmatch(turn.said):
        return _ask_for_the_fact(turn)
    due = end_of(next_working_day(bank_day(turn.at)))
    person = lookups.contact_person()
    owner = manager_name(person.staff) if person else "网点负责人"
    fact = clip(turn.text.strip().replace("\n", " "), _QUOTED).rstrip("。！!，, ")
    text = f"记下了，编号 {{reference}}：“{fact}”。{_FEELING}{told(due, now=turn.at)}前给您第一次答复，由{owner}负责，您不用重说。"
    task = OpenTask(
        task="complaint",
        title=f"客户投诉：{clip(fact, 30)}",
        detail=turn.text.strip(),
        customer_id=turn.party.id,
        due_at=due,
        urgency="high",
    )
    leave_form = (UpdateConversation(clear=("form",)),) if turn.conversation.form else ()
    return (task, Say(draft=turn.reply(text)), *leave_form, HandOff(reason=f"投诉：{clip(fact, 30)}", urgency="high"))


def _ask_for_the_fact(turn: Turn) -> tuple[Effect, ...]:
    text = "您说，我来记，马上给您编号和负责人。是什么事、大概什么时候发生的？"
    leave_form = ("form",) if turn.conversation.form else ()
    waiting = Pending(awaited=Awaited.TEXT, intent="complain", argument="told")
    return (Say(draft=turn.reply(text)), UpdateConversation(pending=str(waiting), clear=leave_form))


HANDLER = Handler(
    intent="complain",
    title="投诉",
    audience=CUSTOMER,
    handle=handle,
    order=8,
    cues=(
        # How complaints work is a question for the knowledge base; praise and retreat are none.
        "!(?:怎么|如何|哪里|在哪|去哪|什么电话|电话(?:是|多少|号码)|流程|渠道|多久|几天|进度|途径|方式)(?:样)?.{0,6}(?:投诉|举报|反映)",
        "!(?:投诉|举报|意见)(?:的)?(?:电话|热线|渠道|流程|邮箱|方式|入口|地址|途径|要|需要|一般|提交|处理"
        "|多久|去哪|找谁|在哪|进度|到哪|怎么|如何)(?!.{0,12}(?:太|差|没人|不理|不管|过分))",
        "!(?:不|没|没有|不想|不是要|不会|别|撤销|撤回|取消|不用)(?:再)?(?:想|要|打算)?(?:来)?(?:投诉|举报)",
        "!(?:怎么办|咋办|怎么处理|如何处理)[?？吗呢。 ]*$",
        "!(?:不过分|没毛病|不差|挺好|满意(?!吗)(?<!不满意)|谢谢你们)",
        "投诉|投訴|举报(?!.{0,4}诈骗)|我要(?:去|向)?.{0,4}(?:银保监|金监|监管|消协|12378|12345|人行|法院|媒体|曝光)",
        "(?:你们|银行|你行|客服|经理|柜员|网点|大堂|服务|这).{0,8}(?:太过分|过分了|太差劲?|欺人太甚|欺负人"
        "|坑人|坑客户|骗人|骗我|忽悠|不讲理|乱来|离谱|黑心|态度(?:太|很|这么|极其?)?(?:差|恶劣|不好)"
        "|不负责任)",
        "(?:乱|擅自|私自|无缘无故|莫名其妙|平白无故|凭什么|偷偷|白白|多|重复|错误?|强行)(?:地|就|给我|把我"
        "|的)*(?:扣|收|划|转走|扣走|收走)(?:了|走|我|掉|费|款|钱|手续费|年费|管理费)+",
        "(?:给|讨|要)(?:我|个|一个|我们)*(?:说法|交代|解释|公道)|没(?:个|有)?说法|必须(?:道歉|赔偿|赔我|解释)"
        "|(?:赔|退|还)(?:偿|回|给)?我(?:的)?(?:钱|损失|手续费)",
        "太(?:过分|不像话|欺负人|气人|坑了?|离谱|恶劣|让人(?:失望|寒心|生气))|气死(?:我|人)|忍无可忍|无法接受"
        "|岂有此理|什么(?:破|垃圾|烂)(?:银行|服务|态度|玩意)",
        "(?:等了|排了|拖了|过了|都)(?:[^,。]{1,8})(?:小时|天|个?月|星期|礼拜|周|年|分钟)(?:了|都|还"
        "|也)*.{0,6}(?:没人(?:理|管|处理|回)|没(?:给|有)?(?:处理|解决|回复|动静|结果|答复)|不(?:给|理|解决"
        "|处理))",
        "态度(?:真|太|很|这么|极其?|非常|特别|十分)?(?:的)?(?:差|恶劣|不好|蛮横|冷漠|嚣张)(?!吗)",
        "没(?:有|个)?人(?:管|理|处理|负责|解决|回复|答复|吭声)|强烈(?:要求|谴责|不满|抗议)|(?:非常|很|十分"
        "|极其|太|特别|相当)(?:不满|失望|气愤|恼火|愤怒|寒心)",
        "(?:要|去|往上|向上|准备|再)(?:往上|向上)?(?:告你|告状|告发|反映你|举报你)|往上告|(?:欺骗|欺诈|坑害"
        "|忽悠|误导|坑|骗)(?:了)?(?:我|客户|消费者|老人|储户|百姓)",
        "(?:信息|隐私|资料|号码).{0,4}(?:被|给)?(?:你们)?(?:泄露|泄漏|卖了|倒卖)|(?:泄露|泄漏)(?:了)?我",
        "(?:垃圾|恶心|差劲|烂|坑爹|奇葩|黑心)(?:透|死|到家|极|的?银行|的?服务)|(?:跑|来|去"
        "|打)了[三四五六七八九十好几多\\d]+(?:趟|次|回|遍)",
        "没讲清楚.{0,6}(?:就|还)(?:让|叫|卖)|(?:误导|诱导|骗)(?:我|客户|老人|我妈|我爸|我们).{0,6}(?:买|签|办|存)",
    ),
    examples=(
        "无故扣我年费，谁来负责",
        "排队俩钟头没人管，这就是你们的效率",
        "那个柜台的人对我吼，我要反映",
        "理财经理隐瞒风险害我亏钱",
        "转账没成功手续费倒是收了",
        "答应我的事一拖再拖，必须处理",
        "你们员工态度恶劣",
        "没经我同意就开通了收费业务",
    ),
)
