"""What is true of a person and hidden from the bank: needs and events of life. Written apart, for evaluations only."""

from dataclasses import dataclass
from datetime import date, timedelta

from numpy.random import Generator

from sandbox.bank.person import Person

_NEEDS = {
    "新婚": (("购房", 0.6), ("保障", 0.4), ("流动性", 0.4)),
    "育儿": (("教育金", 0.8), ("保障", 0.5), ("换房", 0.2)),
    "中年": (("养老", 0.6), ("父母赡养", 0.4), ("教育金", 0.3)),
    "银发": (("养老", 0.9), ("稳健增值", 0.6), ("传承", 0.3)),
    "单身": (("流动性", 0.5), ("购房", 0.2), ("理财入门", 0.5)),
}
_EVENTS = {"新婚": "结婚", "育儿": "孩子出生", "中年": "升职", "银发": "退休", "单身": "换工作"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """The hidden side of a person. From `stops_on` they deal elsewhere."""

    needs: tuple[tuple[str, float], ...]
    events: tuple[tuple[str, date], ...]
    stops_on: date | None


def draw_truth(person: Person, draw: Generator, as_of: date) -> Truth:
    """Draw the needs that the stage of life brings, an event now and then, and whether the person is leaving."""
    needs = tuple((need, round(float(draw.uniform(0.3, 1.0)), 3)) for need, share in _NEEDS[person.stage] if draw.random() < share)
    events = [(_EVENTS[person.stage], as_of - timedelta(days=int(draw.integers(5, 700))))] if draw.random() < 0.4 else []
    stops_on = as_of - timedelta(days=int(draw.integers(20, 200))) if draw.random() < 0.08 else None
    if stops_on:
        events.append(("打算离开", stops_on - timedelta(days=30)))
    return Truth(needs=needs, events=tuple(events), stops_on=stops_on)
