"""For managers: how far ahead needs were seen, and how many of the first three came true (F13)."""

from crm.needs.lead_time import HORIZON
from domain.effects import Effect, Say
from domain.party import Role
from handlers.handler import Handler, Turn
from handlers.lookups import Lookups


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Three lines; what cannot be said yet is said to be so."""
    found = lookups.need_leads()
    if found is None:
        return (Say(draft=turn.reply("需求还没有评估过，算不出提前量。")),)
    if found.median_days is None:
        head = "还没有“先预测、后购买”的例子，算不出提前天数。"
    else:
        head = f"需求预测提前天数：中位 {found.median_days:g} 天（{found.foreseen} 例，最早提前 {found.longest_days} 天）。"
    if found.precision is None or found.interval is None:
        hit = f"前三命中率：还没有满 {HORIZON} 天的预测，过些天再看。"
    else:
        low, high = found.interval
        counted = f"{found.bought}/{found.due}，95% 区间 {low:.0%}–{high:.0%}"
        hit = f"前三命中率：{found.precision:.0%}（{counted}），口径是 {HORIZON} 天内买了对应的产品。"
    runs = f"依据：{found.first_run} 至 {found.last_run} 的 {found.runs} 次评估；购买当天及之前说的不算。"
    return (Say(draft=turn.reply("\n".join((head, hit, runs)))),)


HANDLER = Handler(
    intent="need_leads",
    title="需求预测提前多少天",
    audience=frozenset({Role.MANAGER}),
    handle=handle,
    order=18,
    cues=(
        r"需求(?:预测|诊断|发现|判断|图谱|识别).{0,8}(?:提前|多早|早多少|准不准|准吗|准确|命中|几天|多少天)",
        r"(?:提前|早).{0,6}(?:多少|几)天.{0,8}(?:发现|预测|看出|识别).{0,4}需求",
    ),
    examples=("我们看出客户需求比他们买早多少天", "需求猜得准不准"),
)
