"""What to do first today (F05): the list, a line of it, and the one-word answers 完成, 推迟, 不合适."""

import re
from datetime import timedelta

from compliance.days import at_hour
from crm.activity.warned import Warned
from crm.priorities.planning import DONE, LATER, UNFIT, Line, rest_days
from domain.book import Customer
from domain.effects import AnswerPriority, Effect, RecordAccess, Say, UpdateConversation
from domain.message import Button
from domain.party import Role
from domain.task import Task
from handlers.handler import Handler, Turn
from handlers.lookups import Lookups
from handlers.no_run import NO_RUN
from handlers.paging import Row, paged
from handlers.priority_text import ANSWERS, TITLES, detail_text, line_text
from handlers.shown import shown_last
from language.numerals import parse_numeral

_AUDIENCE = frozenset({Role.RM, Role.MANAGER})
_GONE = "这件不在今天的单子上。说“今天先做什么”看最新的，再说第几件。"


def _list(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Show a page of the list."""
    as_of = lookups.judged_on()
    if as_of is None:
        return (Say(draft=turn.reply(NO_RUN)),)
    lines = lookups.priorities()
    if not lines:
        return (Say(draft=turn.reply(f"截至 {as_of}，没有要您先办的事。")),)
    warned = _warned(lookups)
    minutes = sum(line.minutes for _, line in lines if not line.answer)
    done = sum(1 for _, line in lines if line.answer)
    head = f"今天 {len(lines)} 件{f'，已处理 {done} 件' if done else ''}，约 {minutes} 分钟{{page}}（截至 {as_of}）："
    rows = [
        Row(
            customer=customer,
            text=line_text(customer, line, warned=warned.get(customer.id), day=lookups.today),
            leads=f"priority:{customer.id} {line.reason.what}",
        )
        for customer, line in lines
    ]
    caveat = lookups.caveat("priorities")
    tail = f"回数字看怎么开口；也可以说“1完成”“第二个不合适”。{f'注意：{caveat}' if caveat else ''}"
    return paged(turn, rows, intent="today", action="priority.listed", head=head, tail=tail)


def _show(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Show a line with evidence, channel, hours and the question to begin with."""
    found, as_of = _find(turn.argument, lookups), lookups.judged_on()
    if found is None or as_of is None:
        return (Say(draft=turn.reply(_GONE)),)
    customer, line = found
    text = detail_text(
        customer,
        line,
        warned=_warned(lookups).get(customer.id),
        causes=lookups.causes(customer.id),
        reaching=lookups.reaching(customer.id),
        day=lookups.today,
        as_of=as_of,
    )
    buttons = (
        *(Button(label=word, payload=f"answer_priority:{answer} {customer.id} {line.reason.what}") for answer, word in ANSWERS.items()),
        Button(label="看画像", payload=f"show_profile:{customer.id}"),
    )
    seen = RecordAccess(action="priority.viewed", customer_id=customer.id, purpose="relationship", fields=("contact", "needs"))
    return (seen, Say(draft=turn.reply(text, buttons=buttons, about=(customer.id,))), UpdateConversation(focus=customer.id))


def _answer(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Keep what was said, and name the next line."""
    answer, _, rest = turn.argument.partition(" ")
    task = _triggered(turn, lookups) if answer not in ANSWERS else None
    if task is not None:
        return _task_answered(turn, lookups, task, _word(turn.said))
    found = _find(rest, lookups) if answer in ANSWERS else _nth(turn, lookups)
    if answer not in ANSWERS:
        answer = _word(turn.said)
    if found is None or answer not in ANSWERS:
        return (Say(draft=turn.reply(_GONE)),)
    customer, line = found
    until = at_hour(lookups.today + timedelta(days=rest_days(line.reason.what, answer)), 0)
    kept = AnswerPriority(customer_id=customer.id, what=line.reason.what, name=line.reason.name, answer=answer, until=until)
    waiting = [one for one in lookups.priorities() if not one[1].answer and one[1].reason != line.reason]
    told = {
        DONE: f"{customer.name}的{TITLES[line.reason.what]}记为完成。",
        LATER: f"{customer.name}的{TITLES[line.reason.what]}推到明天。",
        UNFIT: f"记下了：这件不合适{customer.name}，{until:%m-%d} 前不再提，同类的也会往后排。",
    }[answer]
    following = f"下一件：{waiting[0][0].name}（{TITLES[waiting[0][1].reason.what]}）。" if waiting else "今天的都处理完了。"
    buttons = (Button(label="下一件", payload=f"priority:{waiting[0][0].id} {waiting[0][1].reason.what}"),) if waiting else ()
    return (kept, Say(draft=turn.reply(f"{told}{following}", buttons=buttons, about=(customer.id,))))


def _find(argument: str, lookups: Lookups) -> tuple[Customer, Line] | None:
    customer_id, _, what = argument.partition(" ")
    return next((one for one in lookups.priorities() if (one[0].id, one[1].reason.what) == (customer_id, what)), None)


def _nth(turn: Turn, lookups: Lookups) -> tuple[Customer, Line] | None:
    """The line with that number: on the page that was shown last, else of the whole list."""
    number, lines, last = _number(turn), lookups.priorities(), shown_last(turn.conversation)
    shown = [line.partition(":")[2] for line in last if line.startswith("priority:")]
    if last:
        return _find(shown[number - 1], lookups) if 1 <= number <= len(shown) else None  # of another list nothing is crossed off here
    return lines[number - 1] if 1 <= number <= len(lines) else None


def _number(turn: Turn) -> int:
    read = parse_numeral(turn.argument) if turn.argument else None
    return int(read.low) if read else 0


def _triggered(turn: Turn, lookups: Lookups) -> Task | None:
    """The triggered task with that number in the list of those, where that was shown last."""
    number, shown = _number(turn), shown_last(turn.conversation)
    if not 1 <= number <= len(shown) or not shown[number - 1].startswith("why_trigger:"):
        return None
    reference = shown[number - 1].partition(":")[2]
    return next((task for task in lookups.tasks() if task.reference == reference), None)


def _task_answered(turn: Turn, lookups: Lookups, task: Task, answer: str) -> tuple[Effect, ...]:
    assert task.customer_id is not None
    until = at_hour(lookups.today + timedelta(days=rest_days(task.kind, answer)), 0)
    kept = AnswerPriority(customer_id=task.customer_id, what=task.kind, name=task.key.split(":")[1], answer=answer, until=until)
    told = {DONE: "记为完成", LATER: "推到明天", UNFIT: f"记为不合适，{until:%m-%d} 前不再提"}[answer]
    return (kept, Say(draft=turn.reply(f"{task.title}（{task.reference}）{told}。", about=(task.customer_id,))))


def _word(said: str) -> str:
    if re.search("不太?合适|不适合|不对|不要了|不用了|没必要|划掉", said):
        return UNFIT
    return LATER if re.search("推|延后|挪|明天|晚点|改天|放|缓|先不", said) else DONE


def _warned(lookups: Lookups) -> dict[str, Warned]:
    return {customer.id: one for customer, one in lookups.warnings()}


_NUMBER = r"(?P<argument>\d{1,2}|[一二三四五六七八九十]{1,3})"
_WORD = (
    "(?:已?完成了?|办完了?|做完了?|搞定了?|办好了?|弄完了?|处理完了?|(?:推迟|延后|推|挪|放|改)(?:到|至)?(?:明天|明日|改天|后面)?(?:再说|再办|再做)?"
    "|明天再?(?:说|做|办)|晚点再?(?:说|做|办)?|改天|先?(?:放一?放|缓一?缓)|不太?合适|不适合|没必要|不要了|不用了|不对|划掉)"
)

HANDLERS = (
    Handler(
        intent="today",
        title="今天先做什么",
        audience=_AUDIENCE,
        handle=_list,
        order=11,
        offered=True,
        cues=(
            "!待办|任务|工单|没办|客户来|天气|节气",
            "^(?:我|咱们?)?(?:今天|今日|今早|现在|接下来|上午|下午|当前)?(?:我|咱们?)?(?:该|要|应该|应当)?"
            "(?:最?先|首先|优先|第一件)(?:要|该|应该)?"
            "(?:做|办|干|联系|找|跟进|处理|忙)"
            "(?:什么|啥|哪些|哪个|谁|哪几位|哪几件|哪位)(?:客户|事情?|人)?[呢啊呀]*[。!? ]*$",
            "^(?:看看?|给我|列出?|打开|生成|发我|排一?下)?(?:一下|下)?(?:我的?|今天的?|今日的?|服务|工作|客户)*"
            "(?:优先级?|优先级?清单|优先(?:清单|名单|列表|顺序)|今日重点|今天重点|重点清单|作战图)(?:是什么|有哪些|呢)?[。!? ]*$",
            "^(?:今天|今日|今早|上午|下午)(?:我)?(?:该|要|应该|需要|先)*"
            "(?:重点|优先|最?先|首先)?(?:联系|找|跟进|拜访|打给|服务|看)(?:谁|哪些?(?:客户|人)?|哪几[位个](?:客户|人)?)[呢啊呀]*[。!? ]*$",
        ),
        examples=("一早到岗先忙哪几位", "给我排排今天的活", "时间有限，先顾谁", "今天从哪位客户开始"),
    ),
    Handler(intent="priority", title="看这一件", audience=_AUDIENCE, handle=_show, order=40),
    Handler(
        intent="answer_priority",
        title="处理这一件",
        audience=_AUDIENCE,
        handle=_answer,
        order=11,
        cues=(
            "!投诉.{0,6}(?:办|处理|结|回)|怎么|为什么|为啥|需求|[?]|吗",
            f"第{_NUMBER}[个件条位号].{{0,6}}(?:完成|办完|办好|办掉|做完|搞定|推迟|延后|推到|挪到|放一放|先放|先不|缓一?缓|不太?合适|不适合|没必要|不用了)",
            f"^(?:把|给我把|帮我把|那|这)?(?:第)?{_NUMBER}[个件条位号]?(?:客户|人|事)?(?:已经|也|就|先|都|给|我)?"
            f"[ ,，:：、.]*{_WORD}[吧了的啊。! ]*$",
        ),
    ),
)
