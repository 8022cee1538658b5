"""`evaluate bank`: a simulated bank taken in, judged, and measured against its own truth. Nothing stays behind."""

import tempfile
from datetime import datetime, time
from pathlib import Path

from rich.console import Console

from bot.commands.options import print_json
from bot.progress import import_bar, step_list
from compliance.days import BANK_ZONE
from crm.evaluating.bank import Evaluation, evaluate_bank
from crm.evaluating.figure import NO_DATA, OVER, Figure
from crm.evaluating.truth import Truth
from crm.importing.delivery import open_delivery
from crm.importing.run import import_folder
from domain.errors import BadInput
from storage.book_import import SqlBookSink
from storage.engine import Database
from storage.migrate import migrate

_LATE = time(23, 59)
_MOST_PAST = 60
_SAID = {OVER: "！高得不真实", NO_DATA: "无数据"}


def run(folder: Path, *, past: int, as_json: bool) -> int:
    """Measure and print; 1 where a figure comes too near to what the best scorer could say."""
    if not 0 <= past <= _MOST_PAST:
        raise BadInput(f"--past is a number of earlier days from 0 to {_MOST_PAST}")
    as_of = open_delivery(folder, sandbox=False).manifest.as_of
    truth = Truth(folder / "truth")
    if not truth.files:
        raise BadInput(f"{folder} has no truth/: there is nothing to measure against; see docs/data-contract.md")
    console = Console(stderr=True)
    with tempfile.TemporaryDirectory(prefix="peiban-evaluate-") as scratch:
        data = Path(scratch)
        database = Database(f"sqlite:///{data / 'peiban.db'}")
        migrate(database)
        at = datetime.combine(as_of, _LATE, tzinfo=BANK_ZONE)
        with import_bar(folder, console) as progress:
            import_folder(folder, book=SqlBookSink(database), facts_folder=data / "facts", at=at, progress=progress)
        database.close()
        with step_list("评估", console) as step:
            found = evaluate_bank(data, truth, as_of=as_of, past=past, progress=step)
    if as_json:
        print_json(found.as_record())
    else:
        _show(found)
    return 1 if found.over else 0


def _show(found: Evaluation) -> None:
    print(f"截至 {found.day}，{found.customers} 位在册客户；另看了之前 {len(found.past)} 天。上限：知道生成器本身随机性的评分者能做到的。")
    print(f"{'指标':<24} {'值':>8} {'95% 区间':>16} {'上限':>8} {'n':>7}")
    for figure in found.figures:
        print(_line(figure))
    if found.needs:
        print("\n需求：真有的人 / 其中排进前三 / 给出 / 给对")
        for row in found.needs:
            print(f"  {row['need']:<22} {row['open']:>6} {row['among_first']:>6} {row['offered']:>6} {row['right']:>6}")
    if found.stages:
        print("\n人生阶段：真实的 → 判断的")
        for stage, told in found.stages.items():
            print(f"  {stage:<10} " + "，".join(f"{name or '没有说'} {count}" for name, count in told.items()))
    for figure in found.over:
        print(f"\n{figure.title}：{figure.value:.3f}，上限 {figure.ceiling:.3f}。判断知道了不该知道的，或者这家银行没有随机性。")


def _line(figure: Figure) -> str:
    value = "—" if figure.value is None else f"{figure.value:.3f}"
    span = "" if figure.low is None or figure.high is None else f"{figure.low:.3f}–{figure.high:.3f}"
    ceiling = "" if figure.ceiling is None else f"{figure.ceiling:.3f}"
    remark = "，".join(part for part in (_SAID.get(figure.verdict, ""), figure.note) if part)
    return f"{_padded(figure.title, 36)} {value:>8} {span:>14} {ceiling:>8} {figure.n:>7}  {remark}".rstrip()


def _padded(text: str, width: int) -> str:
    """Chinese signs take two columns of a terminal."""
    return text + " " * max(0, width - sum(2 if ord(sign) > 0x2E80 else 1 for sign in text))
