"""Why a customer is in a class, in words, one reason a family of inputs. Pure, over a row of the stage `classes`; no sums of money."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crm.lifecycle.definitions import lifecycle_definitions
from crm.segmentation.definitions import class_definitions, label


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """What one family says: value, behaviour, lifecycle or needs. `decides`: without it tier or flag would be another."""

    family: str
    text: str
    decides: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassView:
    """A class with its reasons. `label` is what is shown: the flag with the tier beside it, or the tier."""

    customer_id: str
    tier: str
    flag: bool
    label: str
    reasons: tuple[Reason, ...]
    version: int

    def reason(self, family: str) -> Reason:
        """What one family says."""
        return next(reason for reason in self.reasons if reason.family == family)


def tier_of(row: Mapping[str, Any]) -> str:
    """The tier by the rule, of the row's own values: what the nightly run decided in one expression for all."""
    rules = class_definitions()
    enough = (row["stickiness"] or 0) >= rules["stickiness"]["enough"]
    if row["high"] and enough:
        return "strategic"
    if row["high"] or row["growing"] or row["needing"]:
        return "growth"
    return "basic" if (row["f"] or 0) >= rules["frequent"] else "idle"


def class_view(row: Mapping[str, Any], *, need_title: str) -> ClassView:
    """Put a row of `classes` into words. `need_title` is the Chinese name of the likeliest need, empty without one."""
    flag = bool(row["flag"])
    return ClassView(
        customer_id=row["customer_id"],
        tier=row["tier"],
        flag=flag,
        label=label(row["tier"], flag),
        reasons=(_value(row), _behaviour(row), _lifecycle(row), _needs(row, need_title)),
        version=row["version"],
    )


def _without(row: Mapping[str, Any], **changed: Any) -> bool:
    return tier_of({**row, **changed}) != tier_of(row)


def _value(row: Mapping[str, Any]) -> Reason:
    standing = row["assets_standing"]
    if standing is None:
        return Reason(family="value", text="价值：无资产数据", decides=False)
    where = f"资产高于 {standing}% 的同类客户"
    if row["high_now"]:
        where += "，到了高净值线"
    elif row["high"]:
        where += f"，低于高净值线 {row['months_below']} 个整月（降级前保留原级别）"
    return Reason(family="value", text=f"价值：{where}", decides=_without(row, high=False))


def _behaviour(row: Mapping[str, Any]) -> Reason:
    parts = []
    if row["stickiness"] is not None:
        enough = class_definitions()["stickiness"]["enough"]
        held = f"持有 {row['categories']} 类产品" if row["categories"] is not None else "持有产品无数据"
        main = "，是主办银行" if row["main_account"] else ""
        parts.append(f"粘性 {row['stickiness']:.0f} 分（{'够' if row['stickiness'] >= enough else '不足'} {enough}：{held}{main}）")
    if row["f"] is not None:
        parts.append(f"交易频率 F{row['f']}")
    if row["growth"] is not None:
        parts.append(f"成长{'在同类前四分之一' if row['growing'] else '不突出'}")
    text = f"行为：{'，'.join(parts)}" if parts else "行为：无数据"
    decides = any(_without(row, **change) for change in ({"stickiness": 0}, {"f": 0}, {"growing": False}))
    return Reason(family="behaviour", text=text, decides=decides)


def _lifecycle(row: Mapping[str, Any]) -> Reason:
    text = f"阶段：{lifecycle_definitions().title(row['stage'])}"
    if row["warned"]:
        text += "，活跃度或资产下降触发预警"
    if row["descending"]:
        text += f"，连续 {row['months_below']} 个月低于线"
    return Reason(family="lifecycle", text=text, decides=bool(row["warned"] or row["descending"]))


def _needs(row: Mapping[str, Any], title: str) -> Reason:
    if row["need"] is None or not title:
        return Reason(family="needs", text="需求：还没有看出明确的需求", decides=False)
    text = f"需求：{title}，把握 {row['need']:.0%}"
    if row["dormant"]:
        text += f"，但已 {row['recency_days']} 天没有动账" if row["recency_days"] is not None else "，但没有动过账"
    return Reason(family="needs", text=text, decides=bool(row["dormant"]) or _without(row, needing=False))
