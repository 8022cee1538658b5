"""Who looks after me, and how do I reach them."""

from domain.effects import Effect, Say
from domain.message import Button
from handlers.handler import CUSTOMER, Handler, Turn
from handlers.lookups import ContactPerson, Lookups
from handlers.people import ASK_A_PERSON

_CALL_BACK = Button(label="约回电", payload="callback:start")


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Name the person who is there today, with phone and branch."""
    person = lookups.contact_person()
    if person is None:
        text = "您现在还没有固定的客户经理。要找人我请值班同事来接，也可以打网点电话。"
        return (Say(draft=turn.reply(text + _branch_phone(lookups), buttons=(ASK_A_PERSON,))),)
    return (Say(draft=turn.reply(_introduce(person, lookups), buttons=(ASK_A_PERSON, _CALL_BACK))),)


def _introduce(person: ContactPerson, lookups: Lookups) -> str:
    staff = person.staff
    branch = lookups.branch(staff.branch_id)
    place = f"，在{branch.name}" if branch else ""
    if person.stands_in_for is None:
        return f"您的客户经理是{staff.name}，电话 {staff.phone}{place}。"
    away = person.stands_in_for
    back = f"，{away.leave_until.month}月{away.leave_until.day}日回来" if away.leave_until and away.on_leave(lookups.today) else ""
    return f"您的客户经理{away.name}这几天不在{back}。这段时间由{staff.name}接手，电话 {staff.phone}{place}。"


def _branch_phone(lookups: Lookups) -> str:
    me = lookups.me()
    branch = lookups.branch(me.branch_id) if me else None
    return f"{branch.name}：{branch.phone}。" if branch else ""


HANDLER = Handler(
    intent="my_contact",
    title="我的客户经理",
    audience=CUSTOMER,
    handle=handle,
    order=12,
    cues=(
        "!投诉|举报|换(?:一?个|掉|人)|态度|骗|太差|离职",
        "(?:我|咱|俺|我们|咱们|我家|我司|本人|公司)(?:的|这边的?|家的?|在你们这的)?(?:专属|对口|对接)?(?:客户"
        "|理财|专属)?(?:经理|顾问|专员|管户)(?:人)?(?:.{0,4})(?:是(?:谁|哪|那位)|叫(?:什么|啥)|姓(?:什么|啥)"
        "|电话|手机|号码|联系方式|微信|怎么(?:联系|找)|在哪|哪位|谁)",
        "(?:谁|哪位|哪个(?:经理|人))(?:是|在|来)?(?:负责|管|对接|跟进|服务)(?:着)?(?:我|我的|咱|我们|我家|我司)",
        "(?:客户经理|理财经理|专属经理|我经理|[\\u4e00-\\u9fff]经理)(?:的)?(?:电话|手机号?|号码|联系方式|名字"
        "|微信)(?:是?多少|是什么|有吗|给我|发我|呢|[?]|$)",
        "(?:怎么|如何|咋)(?:才能)?(?:联系|找)(?:到|上)?(?:我的?)?(?:客户经理|理财经理|经理|管户)|^(?:我的)?"
        "(?:客户|理财)经理是谁|(?:我的)?管户(?:经理)?是谁",
    ),
    examples=("谁在管我这户头", "想知道对接我的那位经理怎么称呼", "给我经理的手机号", "之前联系我的经理叫啥来着", "管户经理的联系方式"),
)
