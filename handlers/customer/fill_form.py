"""Every form of `handlers/forms/files`: asks what is missing, confirms, and ends in a lead or a task for a person."""

from functools import partial

from compliance.days import at_hour, bank_day
from domain.effects import Effect, OpenLead, OpenTask, Say, UpdateConversation
from handlers.forms import FormSpec, Outcome, Step, advance, again, all_forms, begin, shown
from handlers.forms.values import UNDECIDED, due_instant
from handlers.handler import CUSTOMER, Handler, Turn
from handlers.lookups import Lookups
from handlers.people import arrange_person, who_helps
from handlers.working_time import next_working_day, next_working_time, told


def handle(spec: FormSpec, turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Begin the form or take it one step further."""
    state = turn.conversation.form
    if state is None or state.name != spec.name:
        return _go_on(turn, begin(spec, "" if turn.argument == "start" else turn.text, at=turn.at))
    said = turn.argument if turn.argument and turn.argument != "start" else turn.text
    step = again(spec, state) if turn.argument == "start" else advance(spec, state, said, at=turn.at)
    if step.outcome is Outcome.COMPLETE:
        return _complete(spec, turn, step, lookups)
    if step.outcome is Outcome.CANCELLED:
        return (Say(draft=turn.reply(step.text)), UpdateConversation(clear=("form",)))
    if step.outcome is Outcome.HUMAN:
        arranged = arrange_person(turn, lookups, reason=f"{spec.title}：{_told_so_far(spec, step) or '还没说细节'}")
        return (Say(draft=turn.reply(arranged.text)), UpdateConversation(clear=("form",)), *arranged.effects)
    return _go_on(turn, step)


def _go_on(turn: Turn, step: Step) -> tuple[Effect, ...]:
    return (Say(draft=turn.reply(step.text, buttons=step.buttons)), UpdateConversation(form=step.state))


def _told_so_far(spec: FormSpec, step: Step) -> str:
    values = dict(step.state.slots)
    return "，".join(f"{slot.title}{shown(slot, values[slot.name])}" for slot in spec.slots if slot.name in values)


def _complete(spec: FormSpec, turn: Turn, step: Step, lookups: Lookups) -> tuple[Effect, ...]:
    who = who_helps(lookups.contact_person())
    over = UpdateConversation(clear=("form",))
    if spec.need:
        lead = OpenLead(need=spec.need, customer_id=turn.party.id, slots=step.state.slots, quote=_told_so_far(spec, step))
        return (lead, over, Say(draft=turn.reply(spec.done.format(who=who))))
    due = next_working_time(at_hour(next_working_day(bank_day(turn.at)), 9))
    wanted = step.state.value(spec.due)
    if wanted is not None and wanted != UNDECIDED and wanted[:1].isdigit():
        due = next_working_time(max(due_instant(wanted), turn.at))
    task = OpenTask(
        task=spec.task,
        title=f"{spec.title}：{_told_so_far(spec, step)}",
        detail=_told_so_far(spec, step),
        customer_id=turn.party.id,
        due_at=due,
        key=f"{spec.task}/{turn.conversation.id}/{due:%Y%m%d%H%M}",
    )
    return (task, over, Say(draft=turn.reply(spec.done.format(who=who, due=told(due, now=turn.at)))))


HANDLERS = tuple(
    Handler(
        intent=spec.name,
        title=spec.title,
        audience=CUSTOMER,
        handle=partial(handle, spec),
        examples=spec.examples,
        cues=spec.cues,
        order=spec.order,
    )
    for spec in all_forms().values()
)
