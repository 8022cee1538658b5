"""`doctor`: what the bank's data can and cannot do: per feature, in scores, ids that are one person, where a row came from."""

import argparse
from collections.abc import Callable
from pathlib import Path

from bot.app import App, build, is_known
from bot.commands.options import add_at, add_json, clock_of, print_json
from bot.identity_review import decide, review_list
from config.settings import Settings
from crm.measuring.definitions import read, title_of
from crm.measuring.health import Health, ScoreLine
from crm.measuring.identities import REASONS, measure, read_pairs
from crm.measuring.needs import FeatureState, Readiness, check_features
from domain.errors import BadInput
from domain.party import Party

_MARKS = {Readiness.READY: "可用", Readiness.WEAK: "不足", Readiness.BLOCKED: "缺数据"}


def configure(parser: argparse.ArgumentParser, _name: str) -> Callable[[argparse.Namespace, Settings], int]:
    """Set the options and return the command."""
    what = parser.add_subparsers(dest="what", required=True, metavar="data|quality|identities|lineage")
    data = what.add_parser("data", help="what is missing for which feature")
    quality = what.add_parser("quality", help="scores of every feed, with their change since the delivery before")
    quality.add_argument("--columns", action="store_true", help="each column too")
    identities = what.add_parser("identities", help="ids that are or may be one person, and decisions on them")
    decision = identities.add_mutually_exclusive_group()
    decision.add_argument("--accept", nargs=2, metavar="ID", help="these two are the same")
    decision.add_argument("--refuse", nargs=2, metavar="ID", help="these two are not the same")
    decision.add_argument("--truth", type=Path, metavar="DIR", help="a simulated bank's truth: measure precision and recall")
    identities.add_argument("--as", dest="who", metavar="ROLE:ID", help="who decides, as manager:S0001")
    lineage = what.add_parser("lineage", help="the delivery and file that a row came from")
    lineage.add_argument("table", help="a table of the facts, as transactions")
    lineage.add_argument("key", help="the row's key, as T20261105-000017")
    for one in (data, quality, identities, lineage):
        add_json(one)
        add_at(one)
    return run


def run(given: argparse.Namespace, settings: Settings) -> int:
    """Look and tell. Nothing that is missing is a fault: the exit code is 0."""
    if given.what == "identities":
        with build(settings, clock=clock_of(given)) as app:
            return _identities(given, app)
    with Health(settings.data / "facts") as health:
        return {"data": _data, "quality": _quality, "lineage": _lineage}[given.what](given, health)


def _data(given: argparse.Namespace, health: Health) -> int:
    states = check_features(health.feeds(), clock_of(given)())
    if given.json:
        print_json({"as_of": health.manifest and health.manifest.as_of, "features": [_feature(state) for state in states]})
        return 0
    if health.manifest is None:
        print("还没有导入过数据。先运行 python -m bot import DIR（docs/data-contract.md）。")
    elif not health.measured:
        print("现有数据是旧版本导入的，没有量过。再导入一次任何一批数据就有了。")
    else:
        print(f"数据截至 {health.manifest.as_of}")
    for state in states:
        print(f"{state.feature.title}：{_MARKS[state.readiness]}")
        for missing in state.missing:
            print(f"  {'有了更好：' if missing.better else ''}{missing.text}")
    return 0


def _feature(state: FeatureState) -> dict[str, object]:
    missing = [
        {"feed": one.feed, "column": one.column, "lack": one.lack.value, "better": one.better, "text": one.text} for one in state.missing
    ]
    return {"feature": state.feature.id, "title": state.feature.title, "readiness": state.readiness.value, "missing": missing}


def _quality(given: argparse.Namespace, health: Health) -> int:
    lines = [line for line in health.scores() if given.columns or _brief(line)]
    if given.json:
        for line in lines:
            print_json({name: getattr(line, name) for name in line.__dataclass_fields__})
        return 0
    if not lines:
        print("还没有打过分：没有导入过数据，或者是旧版本导入的。")
    titles = {name: entry["title"] for name, entry in read("quality")["dimensions"].items()}
    for feed in dict.fromkeys(line.feed for line in lines):
        own = sorted((line for line in lines if line.feed == feed), key=lambda line: (line.source, list(titles).index(line.dimension)))
        whole = [line.score for line in own if _brief(line)]
        mean = f"{sum(whole) / len(whole):.1f}" if whole else "—"
        print(f"{title_of(feed)}（{feed}）{mean}")
        for source in dict.fromkeys(line.source for line in own):
            told = [line for line in own if line.source == source and _brief(line)]
            if told:
                print(f"  {f'{source} {told[0].as_of}' if source else '各来源合计'}：{'，'.join(_score(line, titles) for line in told)}")
        for line in own:
            if not _brief(line):
                print(f"    {f'{line.source} ' if line.source else ''}{line.column} {_score(line, titles)}")
    return 0


def _brief(line: ScoreLine) -> bool:
    """Whether it speaks of the feed whole; what is measured on all sources together always does."""
    return not line.column or not line.source


def _score(line: ScoreLine, titles: dict[str, str]) -> str:
    change = f"（{line.change:+g}）" if line.change else ""
    return f"{titles[line.dimension]} {line.score:g}{change} n={line.n}"


def _lineage(given: argparse.Namespace, health: Health) -> int:
    found = health.lineage(given.table, given.key)
    for row in found:
        if given.json:
            print_json(row)
        elif row["file"] is None:
            print(f"{given.key}：{row['as_of']} 的批次，旧版本导入，没有记下文件。")
        else:
            print(f"{given.key}：{row['source']} {row['as_of']} 的 {row['file']}，第 {row['batch']} 批，指纹 {row['digest'][:12]}")
    if not found and not given.json:
        print(f"{given.table} 里没有 {given.key}。")
    return 0


def _identities(given: argparse.Namespace, app: App) -> int:
    pair = given.accept or given.refuse
    if pair:
        if not given.who:
            raise BadInput("a decision needs a person: --as manager:S0001")
        with app.store.writing() as records:
            person = Party.parse(given.who)
            if not person.role.is_staff or not is_known(records, person):
                raise BadInput(f"the bank knows no {person} among its staff; 'python -m bot people' lists them")
            decide(records, (pair[0], pair[1]), same=bool(given.accept), by=person, at=app.clock())
        print(f"已记下：{pair[0]} 与 {pair[1]} {'是' if given.accept else '不是'}同一客户，以后的导入照此办。")
        return 0
    with Health(app.settings.data / "facts") as health, app.store.reading() as records:
        links = review_list(health.links(), records)
    if given.truth:
        measured = measure([link for link in links if link.counts], read_pairs(given.truth))
        body = {"true": measured.true, "found": measured.found, "right": measured.right}
        print_json({**body, "precision": measured.precision, "recall": measured.recall})
        return 0
    for link in links:
        body = {name: getattr(link, name) for name in link.__dataclass_fields__} | {"reason": REASONS[link.rule]}
        print_json(body) if given.json else print(f"{link.id} → {link.canonical_id}  {_STATUS[link.status]}  {REASONS[link.rule]}")
    if not links and not given.json:
        print("没有发现同一客户的多个编号。")
    return 0


_STATUS = {"linked": "已关联", "review": "待核对", "accepted": "人工确认", "refused": "人工否定"}
