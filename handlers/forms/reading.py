"""Reads slot values out of what was said. Pure; the question that was asked last decides how a bare answer is read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from domain.conversation import FormState
from handlers.forms.spec import FormSpec, Option, Slot, SlotKind
from handlers.forms.values import UNDECIDED, money_text, period_text, refined
from language.answers import yes_no
from language.corrections import Correction, find_correction
from language.dates import find_dates
from language.datespan import DateSpan, Precision
from language.money import find_money
from language.normalise import normalise
from language.numbers import find_numbers

_NEGATED_BEFORE = re.compile(r"(?:不(?:是|去|想去|打算去|选|要|考虑|在)|没(?:打算|想|说)去?|别|而非|并非|除了)(?:的是)?$")
_NEGATED_AFTER = re.compile(r"^(?:那边|这边)?(?:就|先|我们|又|都)*(?:不(?:去|要|考虑|行|对|是|想)|算了|取消|太)")
_UNDECIDED = re.compile(
    r"(?:还|也|都|暂时|目前|现在)*(?:没|未|不)(?:有)?(?:定|想好|确定|决定|考虑好|知道|清楚|好说)|再说|看情况|到时候|随便|都行|都可以|无所谓"
)
_NO = re.compile(r"^(?:不|没|别|否|算了|先不)")
_PHONE = re.compile(r"(?<!\d)1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)")
_LEAD_IN = re.compile(
    r"^(?:那就|就是|就|应该是|应该|大概是|大概|可能是|可能|想去|打算去|准备去|要去|去|到|是|在|选|嗯|呃|哦|我说的是|改成|换成|,| )+"
)
_TAIL = re.compile(r"(?:吧|呢|啊|呀|哦|噢|的|了|读书|上学|留学|念书|那边|[。,!?~… ])+$")
_QUESTION = re.compile(r"[?？]|吗|什么|怎么|怎样|如何|多少|哪|谁|几|为啥|为何|呢$|能不能|可不可以|是不是|有没有")
_YEAR_NAMED = re.compile(r"年")
_SENTENCE = re.compile(r"[我你您他她们的了是不没有吧么就会要想能]|哈|呵|嘿")  # no country is called that
_NAME = re.compile(r"[\u4e00-\u9fffa-z ]{2,12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A value read for a slot."""

    slot: str
    value: str


def read_slots(spec: FormSpec, state: FormState, text: str, *, at: datetime) -> tuple[Filled, ...]:
    """Read every slot that the text says something about. `state.asking` names the slot whose question is open."""
    correction = find_correction(text)
    said = normalise(correction.new if correction else text)
    asked = (_corrected_slot(spec, state, correction, at) if correction else None) or asked_slot(state)
    found: dict[str, str] = {}
    for slot in sorted(spec.slots, key=lambda slot: slot.name != asked):
        if slot.kind in (SlotKind.DATE, SlotKind.PERIOD, SlotKind.MONEY) and _taken(slot, spec, found):
            continue
        value = _READERS[slot.kind](slot, said, at, slot.name == asked, state)
        if value is not None:
            found[slot.name] = value
    if asked and asked not in found and _UNDECIDED.search(said) and not _QUESTION.search(said):
        found[asked] = UNDECIDED
    return tuple(Filled(slot=slot.name, value=found[slot.name]) for slot in spec.slots if slot.name in found)


def _corrected_slot(spec: FormSpec, state: FormState, correction: Correction, at: datetime) -> str | None:
    """The slot that a correction is about: the one whose title is named, or whose value the old words give."""
    for slot in spec.slots:
        if correction.field and correction.field in slot.title:
            return slot.name
        held = state.value(slot.name)
        if correction.old and held and _READERS[slot.kind](slot, normalise(correction.old), at, True, FormState(name=spec.name)) == held:
            return slot.name
    return None


def asked_slot(state: FormState) -> str:
    """The name of the slot whose question is open; `asking` may carry a note after a colon."""
    return state.asking.partition(":")[0]


def is_question(text: str) -> bool:
    """Whether the text asks something."""
    return bool(_QUESTION.search(normalise(text)))


def _taken(slot: Slot, spec: FormSpec, found: Mapping[str, str]) -> bool:
    """Whether the one date or amount of this text went to another slot of the same kind already."""
    return any(other.kind is slot.kind and other.name in found for other in spec.slots)


def _period(slot: Slot, said: str, at: datetime, asked: bool, state: FormState) -> str | None:
    spans = [span for span in find_dates(said, at=at, lean=slot.lean) if not _is_negated(said, span.span.start, span.span.end)]
    if slot.kind is SlotKind.DATE:
        spans = [span for span in spans if span.precision is Precision.DAY] or (spans if asked else [])
    if not spans:
        return None
    best = spans[-1]
    value = period_text(best)
    if slot.kind is SlotKind.DATE and best.precision is not Precision.DAY:
        value = best.start.isoformat()
    return refined(state.value(slot.name), value, named_year=_names_year(best))


def _names_year(span: DateSpan) -> bool:
    return bool(_YEAR_NAMED.search(span.text)) or bool(re.match(r"\d{4}", span.text))


def _money(slot: Slot, said: str, at: datetime, asked: bool, state: FormState) -> str | None:  # noqa: ARG001  one shape for all readers
    amounts = [money for money in find_money(said, expect=asked) if not _is_negated(said, money.span.start, money.span.end)]
    if not amounts:
        return None
    said_money = amounts[-1]
    value = money_text(said_money)
    if slot.small and said_money.high < slot.small and not re.search(r"[元块万千百wk¥$]", said_money.text):
        return re.sub(r"\d+(?:\.\d+)?", lambda found: f"{(Decimal(found[0]) * 10_000).normalize():f}", value)
    return value


def _number(slot: Slot, said: str, at: datetime, asked: bool, state: FormState) -> str | None:  # noqa: ARG001
    numbers = find_numbers(said) if asked or (slot.unit and slot.unit in said) else ()
    return f"{numbers[-1].value.normalize():f}" if numbers else None


def _choice(slot: Slot, said: str, at: datetime, asked: bool, state: FormState) -> str | None:  # noqa: ARG001
    hits = [hit for option in slot.options for hit in _mentions(option, said)]
    longest = [hit for hit in hits if not any(_inside(hit, other) for other in hits)]
    standing = [hit for hit in longest if not _is_negated(said, hit[0], hit[1])]
    if standing:
        return max(standing)[2]
    if longest or not (asked and slot.open):
        return None
    answer = _TAIL.sub("", _LEAD_IN.sub("", said))
    is_name = bool(_NAME.fullmatch(answer)) and not _SENTENCE.search(answer)
    return answer if is_name and not _QUESTION.search(said) and not _UNDECIDED.search(said) and not _NO.search(answer) else None


def _inside(hit: tuple[int, int, str], other: tuple[int, int, str]) -> bool:
    return other[0] <= hit[0] and hit[1] <= other[1] and other[1] - other[0] > hit[1] - hit[0]


def _mentions(option: Option, said: str) -> list[tuple[int, int, str]]:
    words = {normalise(word) for word in (option.value, *option.words)}
    return [(found.start(), found.end(), option.value) for word in words for found in re.finditer(_word(word), said)]


def _word(word: str) -> str:
    return rf"(?<![a-z]){re.escape(word)}(?![a-z])" if word.isascii() else re.escape(word)


def _text(slot: Slot, said: str, at: datetime, asked: bool, state: FormState) -> str | None:  # noqa: ARG001
    found = re.search(slot.find, said) if slot.find else None
    if found:
        return _TAIL.sub("", found["value"]) or None
    answer = _TAIL.sub("", said)
    return answer[:60] if asked and len(answer) >= 2 and not _UNDECIDED.fullmatch(answer) else None


def _yes_no(slot: Slot, said: str, at: datetime, asked: bool, state: FormState) -> str | None:  # noqa: ARG001
    if not asked:
        return None
    return {True: "是", False: "否", None: None}[yes_no(said)]


def _phone(slot: Slot, said: str, at: datetime, asked: bool, state: FormState) -> str | None:  # noqa: ARG001
    found = _PHONE.search(said)
    return re.sub(r"\D", "", found[0]) if found else None


def _is_negated(said: str, start: int, end: int) -> bool:
    return bool(_NEGATED_BEFORE.search(said[:start]) or _NEGATED_AFTER.search(said[end:]))


_READERS = {
    SlotKind.DATE: _period,
    SlotKind.PERIOD: _period,
    SlotKind.MONEY: _money,
    SlotKind.NUMBER: _number,
    SlotKind.CHOICE: _choice,
    SlotKind.TEXT: _text,
    SlotKind.YES_NO: _yes_no,
    SlotKind.PHONE: _phone,
}
