"""Pictures of one customer: activity by weeks, assets as an index, health with its dimensions (F01). The text says the same."""

from collections.abc import Callable

from crm.activity.trend import ActivityTrend
from crm.features.asset_trend import AssetTrend
from crm.health.trend import HealthTrend
from domain.book import Customer
from domain.effects import Effect, RecordAccess, Say, UpdateConversation
from domain.message import Button
from domain.party import Role
from handlers.cues import of_whom
from handlers.handler import RM, Handler, Turn
from handlers.lookups import Lookups
from handlers.no_run import NO_RUN
from handlers.the_one import the_one
from handlers.trend_text import activity_trend_text, asset_trend_text, health_trend_text


def _activity(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Activity of a quarter."""
    return _drawn(turn, lookups, "draw_activity", "leaving", lambda one: lookups.activity_trend(one.id), ("看原因", "explain_leaving"))


def _assets(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Assets of a year, as an index."""
    return _drawn(turn, lookups, "draw_assets", "assets", lambda one: lookups.asset_trend(one.id), ("展开资产", "show_assets"))


def _health(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Health and its dimensions."""
    return _drawn(turn, lookups, "draw_health", "health", lambda one: lookups.health_trend(one.id), ("看健康度", "show_health"))


def _drawn(
    turn: Turn,
    lookups: Lookups,
    intent: str,
    feeds: str,
    found: Callable[[Customer], ActivityTrend | AssetTrend | HealthTrend | None],
    going_on: tuple[str, str],
) -> tuple[Effect, ...]:
    customer = the_one(turn, lookups, intent=intent)
    if not isinstance(customer, Customer):
        return customer
    focus, trend = UpdateConversation(focus=customer.id), found(customer)
    if trend is None:
        text = NO_RUN if lookups.judged_on() is None else f"{customer.name}：这一项没有评估，画不出来。"
        return (Say(draft=turn.reply(text)), focus)
    money = isinstance(trend, AssetTrend) and any(month.average is not None for month in trend.months)
    fields = ("assets", "needs") if money else ("needs",)
    seen = RecordAccess(action="trend.viewed", customer_id=customer.id, purpose="relationship", fields=fields)
    caveat = lookups.caveat(feeds)
    text = _text(customer.name, trend) + (f"\n注意：{caveat}" if caveat else "")
    buttons = (Button(label=going_on[0], payload=f"{going_on[1]}:{customer.id}"),)
    draft = turn.reply(text, buttons=buttons, image=lookups.picture(customer.name, trend), about=(customer.id,))
    return (seen, Say(draft=draft), focus)


def _text(name: str, trend: ActivityTrend | AssetTrend | HealthTrend) -> str:
    match trend:
        case ActivityTrend():
            return activity_trend_text(name, trend)
        case AssetTrend():
            return asset_trend_text(name, trend)
        case HealthTrend():
            return health_trend_text(name, trend)


_PICTURE = "图(?!谱|片|书|章)|曲线|走势|画(?!像|面)|折线"
_NOT = "!需求|产品|净值|行情|大盘|利率|汇率|市场|基金走势|话术|案例|谁|哪些|名单|支行|各级别|分布|总览|为什么|为啥"
_JUDGED = frozenset({Role.RM, Role.MANAGER})

HANDLERS = (
    Handler(
        intent="draw_activity",
        title="画活跃趋势",
        audience=_JUDGED,
        handle=_activity,
        order=14,
        about_one=True,
        cues=(_NOT, of_whom("活跃|登录情况|动静", _PICTURE), of_whom("活跃度?(?:的)?趋势|活跃变化")),
        examples=("把他这季度来得勤不勤画给我看", "她最近的动静画成柱子", "来往多少做成一张图", "这三个月他的动作画出来"),
    ),
    Handler(
        intent="draw_assets",
        title="画资产走势",
        audience=RM,
        handle=_assets,
        order=14,
        about_one=True,
        cues=(_NOT, of_whom("资产|aum|存款余额|家底", f"{_PICTURE}|趋势|变化情况|涨跌")),
        examples=("他的钱一年里是涨是跌画给我看", "她在我们这的盘子怎么变的画条线", "资金规模的起落画一张", "家底变化给个曲线"),
    ),
    Handler(
        intent="draw_health",
        title="画健康度",
        audience=_JUDGED,
        handle=_health,
        order=14,
        about_one=True,
        cues=(_NOT, of_whom("健康", _PICTURE)),
        examples=("把这段关系的体质画给我看", "他三个维度的分画出来", "关系好坏做张图给我", "红黄绿给我画一张他的"),
    ),
)
