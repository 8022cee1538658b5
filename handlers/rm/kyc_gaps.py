"""What we do not know of a customer yet, as questions, what matters most first (A05)."""

from crm.profile import GapState, Profile
from domain.book import Customer
from domain.effects import Effect, RecordAccess, Say, UpdateConversation
from domain.message import Button
from domain.party import Role
from handlers.cues import of_whom
from handlers.handler import Handler, Turn
from handlers.lookups import Lookups
from handlers.priority_text import said
from handlers.profile_text import NOT_YOURS, gap_question, gap_title
from handlers.the_one import the_one

_SHOWN = 6


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """List the gaps with why they come in this order."""
    customer = the_one(turn, lookups, intent=HANDLER.intent)
    if not isinstance(customer, Customer):
        return customer
    profile = lookups.profile(customer.id)
    if profile is None:
        return (Say(draft=turn.reply(NOT_YOURS)),)
    one = profile.customer_id
    expired = [said(reason, warned=None, day=lookups.today) for reason in lookups.reasons(one) if reason.what == "identity_expired"]
    seen = RecordAccess(action="gaps.viewed", customer_id=one, purpose="relationship", fields=("identity", "contact", "risk", "needs"))
    buttons = (Button(label="看画像", payload=f"show_profile:{one}"),)
    draft = turn.reply(_text(profile, expired), buttons=buttons, about=(one,))
    return (seen, Say(draft=draft), UpdateConversation(focus=one))


def _text(profile: Profile, expired: list[str]) -> str:
    items = [f"{one}：带新证件来更新一下好吗？" for one in expired]
    for gap in profile.gaps:
        state = f"{gap.since} 过期" if gap.state is GapState.EXPIRED and gap.since else "缺"
        items.append(f"{gap_title(gap)}（{state}）：{gap_question(gap, dated=False)}")
    if not items:
        return f"{profile.name}的 KYC 信息是齐的（截至 {profile.on}）。"
    lines = [f"{number}. {item}" for number, item in enumerate(items[:_SHOWN], start=1)]
    more = f"另有 {len(items) - _SHOWN} 项，补完这些再问。" if len(items) > _SHOWN else "一次问一两样就好。"
    return "\n".join((f"{profile.name}还缺 {len(items)} 项，法规要的在前（截至 {profile.on}）：", *lines, more))


_NAME = r"(?P<argument>[\u4e00-\u9fffa-z0-9·（）()]{1,20}?)"
_WHAT = "(?:kyc|客户)?(?:的)?(?:信息|资料|东西|字段|内容|材料)?"

HANDLER = Handler(
    intent="kyc_gaps",
    title="还缺哪些信息",
    audience=frozenset({Role.RM, Role.MANAGER}),
    handle=handle,
    order=25,
    about_one=True,
    cues=(
        "!贷款|开户|办理|要带|带什么|钱|产品|申请|合同|注册|标签|话术|案例|多少|周期|间隔",
        of_whom("kyc|资料|信息|档案", "缺|差|补|没填|不全|齐|全不全|完整|完善|采集|收集|空着|展开"),
        f"^(?:看看?|查查?)?(?:一下|下)?{_NAME}(?:这个|这位)?(?:客户)?(?:的)?(?:kyc|信息|资料)?(?:上)?"
        f"还?(?:缺|差|少)(?:了|着)?(?:哪些|什么|啥|哪几项)?{_WHAT}[呢啊呀没]*[。!? ]*$",
        f"^{_NAME}(?:的)?(?:kyc|客户信息|信息|资料)(?:还)?"
        "(?:全不全|全吗|齐不齐|齐吗|完整吗|完不完整|有没有缺|缺口|缺什么|缺哪些|还缺啥)[呢啊呀]*[。!? ]*$",
        f"^{_NAME}(?:还)?有(?:哪些|什么|啥)(?:kyc)?(?:信息|资料)?(?:没填|没有填|空着|要补|没补|过期|需要补充|待补)(?:的)?"
        "[呢啊呀]*[。!? ]*$",
    ),
    examples=("他的档案哪里还空着", "下次见她该把哪些信息补上", "这位客户资料不完整吧，差哪几样", "补资料的话先问他什么"),
)
