"""`learn`: from what became of customers, a model that adds up, with its figures beside the rule's."""

import argparse
import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from typing import Any

from config.settings import Settings

_LABELLED = {"outcomes": "银行给的结果", "attribute": "属性里的结果", "contacts": "联系里记下的成交", "silence": "销户或长期没有自己的动账"}
_SPLITS = {"time": "在更晚的日子上检验", "customers": "历史只够一个截止日，按客户留出检验"}
_WHY = {
    "after": "晚于截止日才有",
    "named": "名字说明它是结果或事后才知道",
    "too_good": "单独一项就几乎等于结果",
    "identity": "只是编号",
    "not_judged_by": "不拿它评判人",
}
_SHOWN, _NAMED = 5, 12


def configure(parser: argparse.ArgumentParser, _name: str) -> Callable[[argparse.Namespace, Settings], int]:
    """Set the options and return the command."""
    parser.add_argument("target", choices=("churn", "leads", "needs"), help="what to foretell")
    parser.add_argument("--kind", help="one kind of outcome, as the file outcomes has it")
    parser.add_argument("--horizon", type=int, metavar="DAYS", help="how far ahead is looked")
    parser.add_argument(
        "--keep", action="append", default=[], metavar="NAME", help="an attribute that was known before the outcome for sure"
    )
    parser.add_argument("--ratio", metavar="NAME", help="an attribute that is a ratio of activity: the rule is measured on it")
    parser.add_argument("--label", metavar="NAME[=VALUE]", help="an attribute that says the outcome, for a bank without the file outcomes")
    parser.add_argument("--time", metavar="NAME", help="an attribute, numbers or days, that orders the rows: the last are for measuring")
    parser.add_argument("--customer", metavar="ID", help="learn nothing; say why the model that counts says what it says of a customer")
    parser.add_argument("--json", action="store_true", help="everything, as JSON")
    return run


def run(given: argparse.Namespace, settings: Settings) -> int:
    """Learn and say how good it is; or explain one customer. Needs are learned one by one, unless one kind is asked for."""
    if given.customer:
        return _explain(given, settings)
    from crm.learning.run import Asked, learn, learn_each

    asked = Asked(kind=given.kind, horizon=given.horizon, keep=given.keep, ratio=given.ratio, label=given.label, time=given.time)
    if given.target == "needs" and given.kind is None and given.label is None:
        each, not_learned = learn_each(settings.data, given.target, asked)
    else:
        each, not_learned = [learn(settings.data, given.target, asked)], {}
    if given.target == "churn" and given.kind is None and given.label is None:
        _foretell(settings)
    bodies = [asdict(learned) for learned in each]
    if given.json:
        print(json.dumps({"learned": bodies, "not_learned": not_learned}, ensure_ascii=False, default=str))
        return 0
    print("\n\n".join("\n".join(_told(body)) for body in bodies))
    for kind, why in not_learned.items():
        print(f"没有学 {kind}：{why}")
    return 0


def _foretell(settings: Settings) -> None:
    """What chats say from now on; where nothing was judged yet, the next run does it."""
    from crm.assessing.published import PublishedInsight
    from crm.learning.foretelling import foretell

    insight = PublishedInsight(settings.data)
    day = insight.latest(date.max)
    if day is not None:
        foretell(settings.data, "churn", day=day)


def _told(body: dict[str, Any]) -> list[str]:
    figures, beside = body["model_figures"], body["rule_figures"]
    lines = [
        f"{body['title']}模型 {body['model']}（截至 {body['as_of']}，"
        + (f"往后看 {body['horizon_days']} 天，" if body["horizon_days"] else "")
        + f"标签：{_LABELLED[body['labelled_by']]}）",
        f"学自 {body['learned_rows']} 行（发生 {body['learned_positives']}），{body['first_day']} 至 {body['last_day']}；"
        f"{_SPLITS[body['split']]}：{figures['rows']} 行（发生 {figures['positives']}）。",
        f"模型 AUROC {_area(figures)}，{_flagged(figures['flagged'])}，"
        f"是平均的 {figures['flagged']['lift']:.1f} 倍（95% {figures['lift_from']:.1f}–{figures['lift_to']:.1f}）",
        f"Brier {figures['brier']:.4f}（只报平均值是 {figures['brier_of_rate']:.4f}），校准斜率 {figures['slope']:.2f}（1 为正好）",
    ]
    if beside is None:
        lines.append("规则：这些数据上没有可比的规则（有活跃度比值这样的属性，可用 --ratio 指明）。")
        lines.append(_verdict_alone(figures))
    else:
        rule = beside["measured"]
        lines.append(f"规则 AUROC {_area(rule)}，{_flagged(rule['flagged'])}")
        lines.append(f"模型标记得跟规则一样多时：{_flagged(beside['model_alike'])}")
        lines.append(_verdict(beside))
    if figures["brier_saved_from"] <= 0:
        lines.append("概率没有比只报平均值更准：只看先后，不看百分比。")
    lines.append("最有分量：" + "、".join(f"{_title(name)} {share:.0%}" for name, share in body["weights"][:_SHOWN]))
    for why, title in _WHY.items():
        names = [one["name"] for one in body["left_out"] if one["why"] == why]
        if names:
            more = f"等 {len(names)} 项" if len(names) > _NAMED else ""
            lines.append(f"没有用（{title}）：{'、'.join(_title(name) for name in names[:_NAMED])}{more}")
    suspects = "、".join(f"{_title(one['name'])}（{one['rows']} 行里 {one['rate']:.0%} 发生）" for one in body["suspects"])
    if suspects:
        lines.append(f"用了但请核对是否事后才知道：{suspects}")
    return lines


def _verdict_alone(figures: dict[str, Any]) -> str:
    """Without a rule the model has to be better than saying the average to everybody."""
    saved = f"Brier 少 {figures['brier_saved']:.4f}（95% {figures['brier_saved_from']:+.4f} 到 {figures['brier_saved_to']:+.4f}）"
    if figures["brier_saved_from"] > 0:
        return f"结论：比只报平均值好，{saved}。"
    return f"结论：看不出比只报平均值好，先不要用，{saved}。"


def _verdict(beside: dict[str, Any]) -> str:
    figures = f"AUROC 差 {beside['better']:+.3f}（95% {beside['better_from']:+.3f} 到 {beside['better_to']:+.3f}）"
    if beside["better_from"] > 0:
        return f"结论：模型排得比规则好，{figures}。"
    if beside["better_to"] < 0:
        return f"结论：模型不如规则，先用规则，{figures}。"
    return f"结论：分不出高下，先用规则，{figures}。"


def _area(figures: dict[str, Any]) -> str:
    return f"{figures['auroc']:.3f}（95% {figures['auroc_from']:.3f}–{figures['auroc_to']:.3f}）"


def _flagged(one: dict[str, float]) -> str:
    return f"标记 {one['share']:.1%} 的人：查准 {one['precision']:.1%}，查全 {one['recall']:.1%}"


def _title(name: str) -> str:
    from crm.learning.definitions import definitions

    return definitions().titles.get(name, name)


def _explain(given: argparse.Namespace, settings: Settings) -> int:
    from crm.learning.run import explain

    found = explain(settings.data, given.target, given.customer, kind=given.kind)
    if given.json:
        print(json.dumps(asdict(found) | {"log_odds": found.log_odds}, ensure_ascii=False))
        return 0
    print(f"{found.customer_id}：可能性 {found.probability:.1%}（对数几率 {found.log_odds:+.3f} = 基数 {found.base:+.3f} 加上以下各项）")
    for reason in found.reasons:
        print(f"  {reason.adds:+.3f}  {reason.title}：{reason.value}")
    return 0
