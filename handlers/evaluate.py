"""How well intents are told apart, on anyone's labelled file: JSON lines of {"text", "intent", "role"}."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from domain.errors import BadInput
from domain.party import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """One line of the file."""

    text: str
    intent: str
    role: Role = Role.CUSTOMER


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentScore:
    """Of `total` lines of an intent, `right` were told; `wanted` counts how often the intent was given at all."""

    intent: str
    total: int
    right: int
    given: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentReport:
    """The outcome. `confusion` lists (labelled, given, how often), most frequent first; `wrong` the lines themselves."""

    total: int
    right: int
    by_intent: tuple[IntentScore, ...]
    confusion: tuple[tuple[str, str, int], ...]
    wrong: tuple[tuple[str, str, str], ...]

    @property
    def accuracy(self) -> float:
        """The share of lines told right, 0 for an empty file."""
        return self.right / self.total if self.total else 0.0

    def as_record(self) -> dict[str, object]:
        """The report as plain JSON values."""
        return {
            "total": self.total,
            "right": self.right,
            "accuracy": round(self.accuracy, 4),
            "by_intent": {
                score.intent: {"total": score.total, "right": score.right, "given": score.given, "recall": _share(score.right, score.total)}
                for score in self.by_intent
            },
            "confusion": [{"intent": wanted, "given": given, "times": times} for wanted, given, times in self.confusion],
            "wrong": [{"text": text, "intent": wanted, "given": given} for text, wanted, given in self.wrong],
        }


def evaluate_intents(path: Path, decide: Callable[[str, Role], str]) -> IntentReport:
    """Ask `decide` for every line, as the first thing said in a conversation. Raises BadInput naming the first malformed line.

    `out_of_scope` in the file is right when the turn went to the fallback; `decide` is expected to call that `out_of_scope` too.
    """
    labelled = read_labelled(path)
    given = [(one, decide(one.text, one.role)) for one in labelled]
    wanted_counts, given_counts = Counter(one.intent for one, _ in given), Counter(intent for _, intent in given)
    right = Counter(one.intent for one, intent in given if one.intent == intent)
    confused = Counter((one.intent, intent) for one, intent in given if one.intent != intent)
    return IntentReport(
        total=len(given),
        right=sum(right.values()),
        by_intent=tuple(
            IntentScore(intent=name, total=total, right=right[name], given=given_counts[name])
            for name, total in sorted(wanted_counts.items())
        ),
        confusion=tuple((*pair, times) for pair, times in sorted(confused.items(), key=lambda item: (-item[1], item[0]))),
        wrong=tuple((one.text, one.intent, intent) for one, intent in given if one.intent != intent),
    )


def read_labelled(path: Path) -> tuple[Labelled, ...]:
    """Read the file. Raises BadInput naming the file, and the line that cannot be used."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path.name} cannot be read as UTF-8 text: {error}") from error
    return tuple(_labelled(line, where=f"{path.name} line {number}") for number, line in enumerate(lines, start=1) if line.strip())


def _labelled(line: str, *, where: str) -> Labelled:
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        raise BadInput(f"{where} is not JSON: {error.msg}") from error
    if not isinstance(record, dict) or not all(isinstance(record.get(name), str) and record[name] for name in ("text", "intent")):
        raise BadInput(f'{where} needs "text" and "intent", both not empty')
    role = record.get("role", Role.CUSTOMER.value)
    if role not in {one.value for one in Role}:
        raise BadInput(f"{where} has the unknown role '{role}'; use one of: {', '.join(one.value for one in Role)}")
    return Labelled(text=record["text"], intent=record["intent"], role=Role(role))


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0
