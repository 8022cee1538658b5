"""Who may rise to the highest tier, with what is missing (B08)."""

from domain.effects import Effect, Say
from domain.party import Role
from handlers.class_text import rising_line
from handlers.cues import together
from handlers.handler import Handler, Turn
from handlers.lookups import Lookups
from handlers.no_run import NO_RUN
from handlers.paging import Row, paged


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Show one page; a number or a name leads to the class and its reasons."""
    as_of = lookups.judged_on()
    if as_of is None:
        return (Say(draft=turn.reply(NO_RUN)),)
    found = lookups.rising()
    caveat = lookups.caveat("classes")
    note = f"注意：{caveat}" if caveat else ""
    if not found:
        return (Say(draft=turn.reply(f"截至 {as_of}，您名下没有看得出能升战略级的客户。{note}")),)
    head = f"有望升战略级 {len(found)} 位{{page}}（截至 {as_of}，按离线远近、成长和需求排）："
    rows = [Row(customer=one, text=rising_line(one.name, rising), leads=f"show_class:{one.id}") for one, rising in found]
    return paged(turn, rows, intent=HANDLER.intent, action="class.listed", head=head, tail=f"回数字看依据。{note}")


_WHO = "(?:谁|哪些|哪几位?|哪位|哪个|什么人|有没有人?|有几个|多少|名单|都有)"
_RISE = "(?:升级?|晋升?|晋级|提升|提级|上升|冲击?|冲刺|够到?|够得上|进到?|进入|成为|变成|培养成|做成)"

HANDLER = Handler(
    intent="list_rising",
    title="有望升战略级的客户",
    audience=frozenset({Role.RM, Role.MANAGER}),
    handle=handle,
    order=15,
    offered=True,
    cues=(
        "!话术|案例|职级|岗位|职称|等级考试|系统升级|版本|App升级|手机银行|没.{0,3}(?:联系|联络|见|跟进|来往)|忘了|好久|很久|冷落|功能|卡升级|卡片",
        f"{_WHO}.{{0,16}}{_RISE}.{{0,4}}(?:为|到|成)?(?:战略|高一[级层档]|更高|上去|一级|一档|上一[级层档])",
        f"{_WHO}.{{0,12}}(?:潜力|希望|机会|可能|苗子).{{0,6}}(?:升|晋|冲|战略)",
        f"{_WHO}.{{0,8}}(?:离|距离?|差).{{0,3}}战略级?.{{0,6}}(?:近|不远|一点|一步|少)",
        f"(?:潜力|有望|有希望|能|可以|快要?|下一批|后备|储备|准).{{0,6}}(?:升|晋|冲|成)?.{{0,4}}战略级?(?:的)?(?:客户)?.{{0,8}}{_WHO}",
        together("潜力|苗子|有戏|希望|机会", f"{_WHO}|谁|几个|最|列", "升|冲|战略|往上|成长级"),
        "(?:差|离|距).{0,4}(?:一点|一步|不远|不多|一截).{0,4}战略",
        together("升级|往上升|升上去|晋级|上一层|上一级|冲战略|上战略|够战略|到战略|往战略|成战略", f"{_WHO}|列|名单|一批"),
        "^(?:看看?|列出?|给我|查查?|拉)?(?:一下|下)?(?:我的?|名下)?(?:有望|有希望|有潜力|潜力|准|后备)(?:升级?|晋级?)?(?:到|为|成)?(?:的)?"
        "战略级?(?:的)?客户(?:名单|列表|清单)?[。!? ]*$",
    ),
    examples=(
        "手里哪个再推一把就能上战略级",
        "下一个大客户会从谁里面出来",
        "哪几位再努力一下就能往上走一层",
        "我的客户里谁最有往上走的苗头",
    ),
)
