"""What a chat must not do: tell balances, move money, test risk tolerance, change limits. Says where it is done, and offers a person."""

import re
from dataclasses import dataclass

from domain.effects import Effect, Say
from handlers.handler import CUSTOMER, Handler, Turn
from handlers.lookups import Lookups
from handlers.people import ASK_A_PERSON


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """A matter that is dealt with elsewhere: why not here, and where."""

    pattern: str
    text: str


#: Asked in order; the first that matches answers.
_ELSEWHERE = (
    Elsewhere(
        pattern="测评|评估|问卷|风险等级",
        text="测评要您本人按真实情况填，我不能替您做。在App搜“风险测评”，几分钟就好，也可以去网点做。",
    ),
    Elsewhere(
        pattern="密码|验证码|口令|身份证号|卡号",
        text="密码、验证码谁都别告诉，我这里也不收。要改密码，请在App或网点本人办。",
    ),
    Elsewhere(
        pattern="提.{0,6}额|提额|额度.{0,6}(?:提|调|加|涨)|调.{0,4}额|临时额度|涨额",
        text="额度我在聊天里改不了。您可以在App的信用卡里看能不能调，结果当场告诉您。",
    ),
    Elsewhere(
        pattern="转|汇|付|还款|缴|打给|打到|打过去|充值|划",
        text="聊天里不动您的钱，这样最安全。转账、还款请在App或柜台本人办。",
    ),
    Elsewhere(
        pattern="买|申购|赎回|下单|签|认购|卖|存|取|办|开",
        text="买卖和签约都要您本人确认，我不能代办。请在App或网点办，想先弄清楚，我可以陪您看说明。",
    ),
    Elsewhere(
        pattern="",
        text="余额和明细是您的隐私，聊天里不显示。App首页登录就能看，也可以打官方客服电话核对身份后查。",
    ),
)


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:  # noqa: ARG001  one shape for all handlers
    """Say why not here and where."""
    place = next(place for place in _ELSEWHERE if re.search(place.pattern, turn.said))
    return (Say(draft=turn.reply(f"{place.text}要我请人帮您吗？", buttons=(ASK_A_PERSON,))),)


_MINE = "(?:我|本人|俺|咱|我们|我家|我妈|我爸|公司|我司|账户|账上|卡里|卡上|户头|存折|信用卡|储蓄卡|工资卡)"
_DO = (
    "(?:帮我|给我|替我|代我|你帮|麻烦(?:你|您)?(?:帮我)?|请(?:你|您)?(?:帮我|给我|替我)|能不能(?:帮我"
    "|给我|替我)|你(?:直接)?(?:给我|替我))(?:直接|现在|马上|立刻|赶紧|先|再|把)*"
)

HANDLER = Handler(
    intent="out_of_reach",
    title="要本人办的事",
    audience=CUSTOMER,
    handle=handle,
    order=35,
    cues=(
        "!(?:怎么|如何|哪里|在哪|流程|步骤|需要什么|要什么|多久|为什么|为啥|什么时候|手续费|安全吗|不到账|没到账|没收到|转错)",
        f"{_MINE}.{{0,8}}(?:余额|有多少钱|剩(?:了|下)?多少|还有多少(?:钱)?|多少钱|存款多少|明细|流水有|总资产"
        f"|资产多少|欠(?:了)?多少|账单多少|还欠|积分有?多少|收益(?:是)?多少|赚了多少|亏了多少)",
        "(?:查|看|报|告诉|说|发).{0,6}(?:我的?|一下|下)?.{0,4}(?:余额|账户明细|交易明细|资产明细|持仓|欠款"
        "|账单金额|存款(?:金额|有多少))|^(?:余额|查余额|余额查询|账户余额|明细|查明细|我有多少钱)[?。 ]*$",
        "(?:工资|钱|货款|退款|养老金|奖金)(?:.{0,2})(?:到了没|到账了?(?:吗|没|没有)|发了(?:吗|没)|进来了?(?:吗|没))",
        f"{_DO}(?:.{{0,10}})(?:转(?!人|接|告|达|真|成|换|到人)|汇款|汇(?:给|到|过去|一笔)|打钱|打款|付款|付掉"
        f"|还款|还掉|还一下|缴费|交(?:电费|水费|话费|物业)|充值|取钱|取现|存进|存钱|划转|冻结|解冻|销户"
        f"|挂失(?!的)|激活|买(?!什么|哪)|申购|赎回|下单|认购|签约|签字|签合同|卖掉|平仓)",
        "(?:转|汇|打|付)(?:\\d|[一二三四五六七八九十两百千万])+.{0,4}(?:块|元|万|千|百|钱)?(?:给|到|去|过去"
        "|进)|把.{0,10}(?:钱|存款|余额|资金)(?:都|全|全部)?(?:转|汇|打|划|挪)(?:给|到|去|走|过)",
        f"{_DO}(?:.{{0,8}})(?:测评|评估|问卷|风险等级|改密码|重置密码|设密码|提额|提高?(?:一下)?额度|提升额度"
        f"|调额|涨额|加额度|开通|审批|放款|贷款|办卡|办一张)",
        "(?:提|调|涨|加|升)(?:高|一下|点|个|下|我的|我|卡的|信用卡的?|临时)*(?:额度|信用额度)|给我提额"
        "|提个额|^提额[。! ]*$|(?:把)?(?:我的)?(?:风险)?(?:测评|等级|评级).{0,4}(?:改|调|填|做)(?:成|高|为|到|一下)",
        "(?:我的?|验证码是?|密码是?|卡号是?|身份证号?是?).{0,4}(?:\\d[ -]?){6,}",
    ),
    examples=(
        "瞧瞧我户头还剩几个钱",
        "替我把电费交了",
        "工资进账了没",
        "这张信用卡还欠多少没还",
        "往我儿子卡里打两千",
        "把这个基金给我卖了",
        "给我的额度往上调调",
        "你代我把风险问卷做了",
        "上个月花了多少钱报给我",
    ),
)
