"""A complaint made to a person is kept, and whoever answers for the customer closes it; until then the customer is not greeted."""

from collections.abc import Callable
from itertools import count

from bot.app import App
from bot.web.sources import Workbench
from domain.message import Inbound
from domain.party import Party, Role
from domain.task import Task
from tests.conftest import MORNING, MovableClock

WANG = Party(Role.CUSTOMER, "C000002")
ZHOU = Party(Role.RM, "S0003")  # hers
GU = Party(Role.MANAGER, "S0001")  # manager of the branch in which Zhou sits
BAI = Party(Role.MANAGER, "S0002")  # of another
LIN = Party(Role.RM, "S0004")  # not hers
OPEN_COMPLAINT = "有投诉还没办结，先把事办好再问候"
WINTER_SOLSTICE = MORNING.replace(month=12, day=22)
_ids = count()

House = Callable[..., App]


def say(app: App, party: Party, text: str) -> list[str]:
    """One turn; the texts that came back to the speaker."""
    inbound = Inbound(channel="web", message_id=f"m{next(_ids)}", sender=party, text=text, received_at=app.clock())
    _, dispatches = app.converse(inbound)
    app.door.drain(clock=app.clock)
    return [dispatch.approved.text for dispatch in dispatches if dispatch.status == "sent" and dispatch.approved]


def complaints(app: App, *, status: str = "open") -> list[Task]:
    with app.store.reading() as records:
        return [task for task in records.tasks.listed(kind="complaint", status=status) if task.customer_id == WANG.id]


def heard_by(app: App, party: Party) -> list[str]:
    with app.store.reading() as records:
        return [line.text for line in records.transcript.of(f"web:{party}") if line.author.startswith("bot:")]


def held_by_zhou(app: App) -> None:
    say(app, ZHOU, "帮助")
    say(app, WANG, "转人工")
    say(app, ZHOU, f"take_over:web:{WANG}")


def test_a_complaint_to_a_person_opens_a_task_without_a_word_and_the_person_is_told(house: House) -> None:
    app = house()
    held_by_zhou(app)
    before = heard_by(app, WANG)

    answer = say(app, WANG, "我要投诉，年费扣了我两次")

    assert answer == []
    assert heard_by(app, WANG) == before
    (task,) = complaints(app)
    assert (task.assignee, task.urgency, "年费扣了我两次" in task.detail) == (ZHOU.id, "high", True)
    assert task.due_at is not None
    assert [text for text in heard_by(app, ZHOU) if task.reference in text and "王芳" in text]


def test_even_a_bare_complaint_to_a_person_is_kept_and_saying_it_again_opens_no_second(house: House) -> None:
    app = house()
    held_by_zhou(app)

    for text in ("我要投诉你们", "太过分了，必须给我说法", "谢谢，还有别的问题"):
        assert say(app, WANG, text) == []

    assert len(complaints(app)) == 1


def test_who_complained_to_the_bot_first_has_one_complaint_and_another_day_another(house: House) -> None:
    clock = MovableClock(MORNING)
    app = house(clock=clock)
    say(app, WANG, "我要投诉，年费扣了我两次")
    say(app, ZHOU, f"take_over:web:{WANG}")
    say(app, WANG, "我投诉的事，没人管吗")
    assert len(complaints(app)) == 1

    clock.at = MORNING.replace(day=25)
    say(app, WANG, "我要投诉，客服态度太差")
    assert len(complaints(app)) == 2


def test_only_who_answers_for_the_customer_closes_a_complaint_and_it_is_audited(house: House) -> None:
    app = house()
    say(app, WANG, "我要投诉，年费扣了我两次")
    (task,) = complaints(app)

    refused = [text for text in say(app, LIN, f"投诉处理完了 {task.reference}") if "不归您办" in text]
    teller = say(app, Party(Role.TELLER, "S0009"), f"close_complaint:{task.reference}")
    customer = say(app, WANG, f"close_complaint:{task.reference}")
    assert refused
    assert not any("已办结" in text for text in (*teller, *customer))
    assert complaints(app) == [task]

    (closed,) = say(app, ZHOU, f"投诉处理完了 {task.reference}")
    again = say(app, ZHOU, f"投诉处理完了 {task.reference}")

    assert task.reference in closed
    assert "已办结" in closed
    assert "不归您办" in again[-1]
    assert complaints(app) == []
    with app.store.reading() as records:
        trail = [(record.action, record.actor) for record in records.audit.of_subject(f"task:{task.id}")]
    assert trail == [("task.opened", str(WANG)), ("task.closed", str(ZHOU))]


def test_the_manager_of_the_branch_closes_it_and_the_manager_of_another_does_not(house: House) -> None:
    app = house()
    say(app, WANG, "我要投诉，年费扣了我两次")

    say(app, BAI, f"投诉处理完了 {complaints(app)[0].reference}")
    assert len(complaints(app)) == 1
    asked = say(app, GU, "王芳的投诉处理完了")  # managers do not look customers up by name: they choose
    closed = say(app, GU, "1")

    assert any("哪一件" in text for text in asked)
    assert any("已办结" in text for text in closed), closed
    assert len(complaints(app, status="done")) == 1


def test_the_customer_is_greeted_again_once_everything_is_closed(house: House) -> None:
    clock = MovableClock(MORNING)
    app = house(clock=clock)
    say(app, WANG, "我要投诉，年费扣了我两次")
    clock.at = MORNING.replace(day=25)
    say(app, WANG, "我要投诉，客服态度太差")
    first, second = sorted(complaints(app), key=lambda task: task.id)
    clock.at = WINTER_SOLSTICE

    (one,) = say(app, ZHOU, f"{first.reference} 处理完了")
    assert "还有 1 件" in one
    still = {out.customer_id: out.reason for out in app.toucher.plan(at=clock.at).excluded}
    assert still[WANG.id] == OPEN_COMPLAINT

    say(app, ZHOU, "投诉处理完了")
    plan = app.toucher.plan(at=clock.at)
    assert second.id not in {task.id for task in complaints(app)}
    assert WANG.id in {touch.customer_id for touch in plan.planned}


def test_the_workbench_offers_to_close_a_complaint_to_those_who_may(house: House) -> None:
    app = house()
    say(app, WANG, "我要投诉，年费扣了我两次")
    (task,) = complaints(app)

    mine, theirs, manager = (Workbench(app, party).work() for party in (ZHOU, LIN, GU))

    assert task.id in mine.closable
    assert task in mine.tasks
    assert task not in theirs.tasks
    assert task.id in manager.closable
    assert task in manager.tasks
