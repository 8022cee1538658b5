"""Fills a form, one utterance at a time. Pure: a form, its state and a text go in, the next step comes out.

Two rules. What was said is never asked again; and there is a way out of every question: back, skip, a person, stop.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from domain.conversation import FormState
from domain.message import Button
from handlers.forms.reading import Filled, asked_slot, is_question, read_slots
from handlers.forms.spec import FormSpec, Slot, SlotKind
from handlers.forms.values import DECLINED, UNDECIDED, last_day, money_shown, period_shown
from language.answers import yes_no
from language.normalise import normalise

CONFIRM = "confirm"
MAX_MISSES = 2
_WHY_GIVEN = "why"

_CANCEL = re.compile(
    r"^(?:那|先|就|我|还是|这次)*(?:取消|退出|不[填办弄约]|不登记|不预约|不用约|算了|停止|终止"
    r"|结束|不需要|不用)(?:了|吧|填|登记|预约)*[。!,~ ]*$"
    r"|取消(?:登记|预约|填写|这个)|不(?:想)?(?:填|登记|预约)了"
)
_BACK = re.compile(r"^(?:回到|返回|退回)?(?:上一步|上一个|上一题|前一步|后退|返回|重填上一?个?)[。! ]*$")
_HUMAN = re.compile(r"^(?:换|转|找|要|叫)?(?:成|个)?(?:人工|真人|客户经理|人)(?:服务|客服)?(?:吧|来)?[。! ]*$")
_SKIP = re.compile(r"^(?:跳过|略过|下一[个题步]|先空着|过)(?:这[个题]|吧)*[。! ]*$")
_REFUSAL = re.compile(
    r"不(?:方便|太方便|想|愿意?|乐意|能|便)(?:说|讲|透露|回答|告诉|提供|填)"
    r"|保密|隐私|不告诉|不说(?:了|行)|别问|不回答|没必要(?:说|告诉)|凭什么|^不(?:太)?方便"
)
_ASKS_WHY = re.compile(r"(?:为什么|为啥|干嘛|干什么|做什么用|有什么用|凭什么).{0,6}(?:问|要|填|知道|说|告诉)?|问这个")
_CHANGE = re.compile(r"^(?:有误|改一?下|要改|我?要?修改|等等|等一下|错了|不对|不是)")


class Outcome(StrEnum):
    """What is to be done next."""

    ASK = "ask"
    CONFIRM = "confirm"
    COMPLETE = "complete"
    CANCELLED = "cancelled"
    HUMAN = "human"
    NOT_UNDERSTOOD = "not_understood"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The outcome, the state to keep, and what to say. `understood` is False when the text gave the form nothing at all."""

    outcome: Outcome
    state: FormState
    text: str = ""
    buttons: tuple[Button, ...] = ()

    @property
    def understood(self) -> bool:
        """Whether the text meant something to the form."""
        return self.outcome is not Outcome.NOT_UNDERSTOOD


def begin(spec: FormSpec, text: str, *, at: datetime) -> Step:
    """Start a form with what was said so far. The notice comes first."""
    state = FormState(name=spec.name)
    step = _after(spec, _with(state, read_slots(spec, state, text, at=at)), heard=())
    return replace(step, text=f"{spec.notice}\n{step.text}")


def advance(spec: FormSpec, state: FormState, text: str, *, at: datetime) -> Step:
    """Take one utterance."""
    said = normalise(text)
    if _CANCEL.search(said):
        return Step(outcome=Outcome.CANCELLED, state=state, text="好，先不登记了，刚才说的我不会转出去。以后想办随时说一声。")
    if _HUMAN.search(said):
        return Step(outcome=Outcome.HUMAN, state=state)
    if _BACK.search(said):
        return _back(spec, state)
    heard = read_slots(spec, state, text, at=at)
    if heard:
        return _in_the_past(spec, state, heard, at=at) or _after(spec, _with(state, heard), heard=heard)
    if asked_slot(state) == CONFIRM:
        return _confirmed(spec, state, said)
    return _unanswered(spec, state, said)


def again(spec: FormSpec, state: FormState) -> Step:
    """Ask the open question again, as after an aside."""
    if asked_slot(state) == CONFIRM:
        return _confirm(spec, state)
    slot = spec.slot(asked_slot(state)) or spec.slots[0]
    return Step(outcome=Outcome.ASK, state=state, text=slot.ask, buttons=_buttons(spec, slot))


def shown(slot: Slot, value: str) -> str:
    """Say a canonical value in Chinese."""
    if value in (UNDECIDED, DECLINED):
        return value
    tell = {SlotKind.DATE: period_shown, SlotKind.PERIOD: period_shown, SlotKind.MONEY: money_shown}.get(slot.kind, str)
    return f"{tell(value)}{slot.unit}"


def _with(state: FormState, heard: tuple[Filled, ...]) -> FormState:
    """Keep the values in the order in which they were said first, so that 上一步 knows the last one."""
    values = dict(state.slots) | {filled.slot: filled.value for filled in heard}
    return replace(state, slots=tuple(values.items()), misses=0)


def _after(spec: FormSpec, state: FormState, *, heard: tuple[Filled, ...]) -> Step:
    open_slot = next((slot for slot in spec.slots if state.value(slot.name) is None), None)
    if open_slot is None:
        return _confirm(spec, state)
    echo = "，".join(shown(slot, filled.value) for filled in heard if (slot := spec.slot(filled.slot)) and filled.value != DECLINED)
    asking = replace(state, asking=open_slot.name)
    text = f"记下了，{echo}。{open_slot.ask}" if echo else open_slot.ask
    return Step(outcome=Outcome.ASK, state=asking, text=text, buttons=_buttons(spec, open_slot))


def _confirm(spec: FormSpec, state: FormState) -> Step:
    parts = [f"{slot.title}{shown(slot, value)}" for slot in spec.slots if (value := state.value(slot.name)) and value != DECLINED]
    buttons = tuple(
        Button(label=label, payload=f"{spec.name}:{said}") for label, said in (("可以", "可以"), ("要改", "要改"), ("先不填", "取消"))
    )
    text = spec.summary.format(said="，".join(parts))
    return Step(outcome=Outcome.CONFIRM, state=replace(state, asking=CONFIRM, misses=0), text=text, buttons=buttons)


def _confirmed(spec: FormSpec, state: FormState, said: str) -> Step:
    agreed = yes_no(said)
    if agreed is False or _CHANGE.search(said):
        return Step(outcome=Outcome.ASK, state=state, text="哪里要改？直接说新的就行，比如“改成明年九月”。")
    if agreed:
        return Step(outcome=Outcome.COMPLETE, state=state)
    return _missed(spec, state, _confirm(spec, state))


def _back(spec: FormSpec, state: FormState) -> Step:
    if not state.slots:
        step = again(spec, state)
        return replace(step, text=f"已经是第一个问题了。{step.text}")
    name, _ = state.slots[-1]
    slot = spec.slot(name) or spec.slots[0]
    earlier = replace(state, slots=state.slots[:-1], asking=slot.name, misses=0)
    return Step(outcome=Outcome.ASK, state=earlier, text=f"好，回到上一个。{slot.ask}", buttons=_buttons(spec, slot))


def _unanswered(spec: FormSpec, state: FormState, said: str) -> Step:
    slot = spec.slot(asked_slot(state)) or spec.slots[0]
    refused = bool(_REFUSAL.search(said))
    if _SKIP.search(said) or (refused and (slot.optional or state.asking.endswith(_WHY_GIVEN))):
        return _after(spec, _with(state, (Filled(slot=slot.name, value=DECLINED),)), heard=())
    if refused or _ASKS_WHY.search(said):
        told = replace(state, asking=f"{slot.name}:{_WHY_GIVEN}")
        text = f"{slot.why or '这样客户经理能先把材料备好。'}不想说也行，可以跳过，或者直接找人。"
        return Step(outcome=Outcome.ASK, state=told, text=text, buttons=_ways_out(spec))
    return _missed(spec, state, again(spec, state))


def _missed(spec: FormSpec, state: FormState, repeated: Step) -> Step:
    misses = state.misses + 1
    counted = replace(repeated.state, misses=misses)
    if misses >= MAX_MISSES:
        text = "我还是没听明白。您看怎么方便：换人工、跳过这题，还是先不填？"
        return Step(outcome=Outcome.NOT_UNDERSTOOD, state=counted, text=text, buttons=_ways_out(spec))
    return Step(outcome=Outcome.NOT_UNDERSTOOD, state=counted, text=f"这句我没听明白。{repeated.text}", buttons=repeated.buttons)


def _ways_out(spec: FormSpec) -> tuple[Button, ...]:
    return (
        Button(label="换人工", payload="request_human:"),
        Button(label="跳过这题", payload=f"{spec.name}:跳过"),
        Button(label="先不填", payload=f"{spec.name}:取消"),
    )


def _buttons(spec: FormSpec, slot: Slot) -> tuple[Button, ...]:
    return tuple(Button(label=option.value[:8], payload=f"{spec.name}:{option.value}") for option in slot.options if option.button)


def _in_the_past(spec: FormSpec, state: FormState, heard: tuple[Filled, ...], *, at: datetime) -> Step | None:
    """A plan that lies behind us was misread or mistyped: say so instead of keeping it."""
    for filled in heard:
        slot = spec.slot(filled.slot)
        if slot is None or slot.kind not in (SlotKind.DATE, SlotKind.PERIOD) or slot.lean.value != "future":
            continue
        end = last_day(filled.value)
        if end is not None and end < at.date():
            kept = replace(_with(state, tuple(other for other in heard if other is not filled)), asking=slot.name)
            text = f"{shown(slot, filled.value)}已经过了，是不是说错了？{slot.ask}"
            return Step(outcome=Outcome.ASK, state=kept, text=text, buttons=_buttons(spec, slot))
    return None


def gives_value(spec: FormSpec, state: FormState, text: str, *, at: datetime) -> bool:
    """Whether the text, which may be a question, tells the form something."""
    step = advance(spec, state, text, at=at)
    if not is_question(text):
        return step.understood
    heard = read_slots(spec, state, text, at=at)
    return any(spec.slot(filled.slot) and _is_firm(spec, filled) for filled in heard) or bool(_ASKS_WHY.search(normalise(text)))


def _is_firm(spec: FormSpec, filled: Filled) -> bool:
    slot = spec.slot(filled.slot)
    return slot is not None and slot.kind is not SlotKind.TEXT and filled.value != UNDECIDED
