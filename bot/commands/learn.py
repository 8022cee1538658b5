"""`learn`: from what became of customers, a model that adds up, with its figures beside the rule's."""

import argparse
import json
from collections.abc import Callable
from typing import Any

from config.settings import Settings

_LABELLED = {"outcomes": "银行给的结果", "contacts": "联系里记下的成交", "silence": "销户或长期没有自己的动账"}
_SPLITS = {"time": "在更晚的日子上检验", "customers": "历史只够一个截止日，按客户留出检验"}
_WHY = {
    "after": "晚于截止日才有",
    "named": "名字说明它是结果或事后才知道",
    "too_good": "单独一项就几乎等于结果",
    "identity": "只是编号",
    "not_judged_by": "不拿它评判人",
    "empty": "没有内容",
}
_SHOWN = 5


def configure(parser: argparse.ArgumentParser, _name: str) -> Callable[[argparse.Namespace, Settings], int]:
    """Set the options and return the command."""
    parser.add_argument("target", choices=("churn", "leads", "needs"), help="what to foretell")
    parser.add_argument("--kind", help="one kind of outcome, as the file outcomes has it")
    parser.add_argument("--horizon", type=int, metavar="DAYS", help="how far ahead is looked")
    parser.add_argument("--keep", action="append", default=[], metavar="NAME", help="an attribute that was known before the outcome for sure")
    parser.add_argument("--ratio", metavar="NAME", help="an attribute that is a ratio of activity: the rule is measured on it")
    parser.add_argument("--customer", metavar="ID", help="learn nothing; say why the model that counts says what it says of a customer")
    parser.add_argument("--json", action="store_true", help="everything, as JSON")
    return run


def run(given: argparse.Namespace, settings: Settings) -> int:
    """Learn and say how good it is; or explain one customer."""
    if given.customer:
        return _explain(given, settings)
    from crm.learning.run import learn, report_of

    learned = learn(settings.data, given.target, kind=given.kind, horizon=given.horizon, keep=given.keep, ratio=given.ratio)
    body = report_of(learned)
    print(json.dumps(body, ensure_ascii=False, default=str) if given.json else "\n".join(_told(body)))
    return 0


def _told(body: dict[str, Any]) -> list[str]:
    figures, beside = body["model_figures"], body["rule_figures"]
    lines = [
        f"{body['title']}模型 {body['model']}（截至 {body['as_of']}，往后看 {body['horizon_days']} 天，标签：{_LABELLED[body['labelled_by']]}）",
        f"学自 {body['learned_rows']} 行（发生 {body['learned_positives']}），{body['first_day']} 至 {body['last_day']}；{_SPLITS[body['split']]}：{figures['rows']} 行（发生 {figures['positives']}）。",
        f"模型 AUROC {figures['auroc']:.3f}（95% {figures['auroc_from']:.3f}–{figures['auroc_to']:.3f}），{_flagged(figures['flagged'])}",
        f"Brier {figures['brier']:.4f}（只报平均值是 {figures['brier_of_rate']:.4f}）",
    ]
    if beside is None:
        lines.append("规则：这些数据上没有可比的规则。")
    else:
        rule = beside["measured"]
        lines.append(f"规则 AUROC {rule['auroc']:.3f}（95% {rule['auroc_from']:.3f}–{rule['auroc_to']:.3f}），{_flagged(rule['flagged'])}")
        lines.append(f"模型标记得跟规则一样多时：{_flagged(beside['model_alike'])}")
    lines.append("最有分量：" + "、".join(f"{_title(name)} {share:.0%}" for name, share in body["weights"][:_SHOWN]))
    for why, title in _WHY.items():
        names = [one["name"] for one in body["left_out"] if one["why"] == why]
        if names:
            lines.append(f"没有用（{title}）：{'、'.join(names)}")
    return lines


def _flagged(one: dict[str, float]) -> str:
    return f"标记 {one['share']:.1%} 的人：查准 {one['precision']:.1%}，查全 {one['recall']:.1%}"


def _title(name: str) -> str:
    from crm.learning.definitions import definitions

    return definitions().titles.get(name, name)


def _explain(given: argparse.Namespace, settings: Settings) -> int:
    from dataclasses import asdict

    from crm.learning.run import explain

    found = explain(settings.data, given.target, given.customer, kind=given.kind)
    if given.json:
        print(json.dumps(asdict(found) | {"log_odds": found.log_odds}, ensure_ascii=False))
        return 0
    print(f"{found.customer_id}：可能性 {found.probability:.1%}（对数几率 {found.log_odds:+.3f} = 基数 {found.base:+.3f} 加上以下各项）")
    for reason in found.reasons:
        print(f"  {reason.adds:+.3f}  {reason.title}：{reason.value}")
    return 0
