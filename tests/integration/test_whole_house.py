"""The real app over a real bank: what customers and staff see, what is written, what may not happen."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

import pytest

from bot.app import App
from bot.commands.tick import tick_once
from bot.handoff import return_silent
from compliance.days import BANK_ZONE
from compliance.stepup import code_at
from domain.message import Draft, Inbound, Purpose, conversation_id
from domain.party import Party, Role
from domain.ports import Records
from tests.conftest import MORNING, MovableClock

pytestmark = pytest.mark.long(seconds=15)

WANG = Party(Role.CUSTOMER, "C000002")
ZHOU = Party(Role.RM, "S0003")
LIN = Party(Role.RM, "S0004")
_ids = count()


def say(app: App, party: Party, text: str, *, channel: str = "web") -> list[str]:
    """One turn; the texts that came back in the speaker's own conversation."""
    inbound = Inbound(channel=channel, message_id=f"m{next(_ids)}", sender=party, text=text, received_at=app.clock())
    _, dispatches = app.converse(inbound)
    return [dispatch.approved.text for dispatch in dispatches if dispatch.status == "sent" and dispatch.approved]


def lines(app: App, party: Party) -> list[tuple[str, str]]:
    with app.store.reading() as records:
        return [(line.author.partition(":")[0], line.text) for line in records.transcript.of(conversation_id("web", party))]


def read(app: App, look: Callable[[Records], object]) -> object:
    with app.store.reading() as records:
        return look(records)


House = Callable[..., App]


def test_a_person_takes_over_talks_and_gives_back(house: House) -> None:
    app = house()
    say(app, ZHOU, "帮助")
    say(app, WANG, "我卡好像丢地铁上了")
    say(app, WANG, "换个真人来")

    queue = say(app, ZHOU, "待接")
    taken = say(app, ZHOU, f"take_over:web:{WANG}")
    app.door.drain(clock=app.clock)
    during = say(app, WANG, "我的转账限额怎么调")
    say(app, ZHOU, "回复 我在，先帮您挂失")
    app.door.drain(clock=app.clock)
    say(app, ZHOU, "释放")
    app.door.drain(clock=app.clock)
    after = say(app, WANG, "我的转账限额怎么调")

    assert any("王芳" in text and "丢地铁" in text for text in queue), queue
    assert any("已接管" in text for text in taken)
    assert during == []
    assert after
    said = lines(app, WANG)
    begun = next(index for index, (_, text) in enumerate(said) if text.startswith("人工开始"))
    ended = next(index for index, (_, text) in enumerate(said) if text.startswith("人工结束"))
    stretch = said[begun + 1 : ended]
    assert [author for author, _ in stretch] == ["bot", "customer", "rm"]
    assert "周经理" in stretch[0][1]
    assert stretch[2][1] == "我在，先帮您挂失"


def test_a_manager_who_never_talked_with_the_assistant_is_told_too(house: House) -> None:
    app = house()
    say(app, WANG, "换个真人来")
    app.door.drain(clock=app.clock)
    (told,) = lines(app, ZHOU)
    assert "请求人工" in told[1]


def test_somebody_elses_customer_can_be_neither_seen_nor_taken(house: House) -> None:
    app = house()
    say(app, WANG, "转人工")

    assert not any("王芳" in text for text in say(app, LIN, "待接"))
    refused = say(app, LIN, f"take_over:web:{WANG}")
    unknown = say(app, LIN, "王芳的画像")
    nobody = say(app, LIN, "查无此人甲的画像")

    assert refused == say(app, LIN, "take_over:web:customer:C999999")
    assert [text.replace("王芳", "") for text in unknown] == [text.replace("查无此人甲", "") for text in nobody]


def test_a_customer_cannot_use_the_commands_of_staff(house: House) -> None:
    app = house()
    say(app, WANG, "转人工")

    answers = say(app, WANG, f"take_over:web:{WANG}") + say(app, WANG, "show_profile:C000001")

    assert not any("已接管" in text or "张伟" in text for text in answers)
    assert read(app, lambda records: records.conversations.held()) == []


def test_a_refusal_of_contact_counts_at_once_even_while_a_person_has_the_conversation(house: House) -> None:
    app = house()
    say(app, WANG, "转人工")
    say(app, ZHOU, f"take_over:web:{WANG}")
    app.door.drain(clock=app.clock)

    answer = say(app, WANG, "以后别再给我发任何推送了")

    assert answer == []
    with app.store.reading() as records:
        last = {consent.purpose: consent.granted for consent in records.book.consents(WANG.id)}
    assert last.get("*") is False or last.get("marketing") is False


def test_assets_need_a_code_that_is_used_once(house: House) -> None:
    clock = MovableClock(MORNING)
    app = house(clock=clock)
    with app.store.reading() as records:
        secret = records.stepups.sandbox_secret(ZHOU.id)
    assert secret is not None

    basic = say(app, ZHOU, "张伟的画像")
    asked = say(app, ZHOU, "张伟的资产明细")
    wrong = say(app, ZHOU, "000000")
    code = code_at(secret, clock.at)
    say(app, ZHOU, "张伟的资产明细")
    shown = say(app, ZHOU, code)
    clock.at += timedelta(minutes=11)
    again = say(app, ZHOU, "张伟的资产明细")
    replayed = say(app, ZHOU, code)

    assert any("张伟" in text for text in basic)
    assert not any("元" in text and "合计" in text for text in basic)
    assert any("口令" in text for text in asked)
    assert any("不对" in text for text in wrong)
    assert any("截至" in text for text in shown), shown
    assert any("口令" in text for text in again)
    assert not any("截至" in text and "合计" in text for text in replayed)
    with app.store.reading() as records:
        actions = [record.action for record in records.audit.of_subject("customer:C000001")]
        assert records.audit.verify() is None
    assert "stepup.failed" in actions
    assert "stepup.granted" in actions


def test_five_wrong_codes_lock_and_the_lock_ends(house: House) -> None:
    clock = MovableClock(MORNING)
    app = house(clock=clock)
    for _ in range(5):
        say(app, ZHOU, "张伟的资产明细")
        say(app, ZHOU, "000000")
    with app.store.reading() as records:
        state = records.stepups.state(ZHOU.id)
    assert state is not None
    assert state.locked_until == MORNING + timedelta(minutes=15)

    clock.at += timedelta(minutes=16)
    say(app, ZHOU, "张伟的资产明细")
    say(app, ZHOU, "000000")

    with app.store.reading() as records:
        state = records.stepups.state(ZHOU.id)
    assert state is not None
    assert (state.failures, state.locked_until) == (1, None)


def test_a_blocked_reply_is_replaced_and_a_person_is_asked_for(house: House) -> None:
    app = house()
    say(app, WANG, "您好")
    with app.store.writing() as records:
        draft = Draft(text="这款产品保本保收益，放心买", to=WANG, purpose=Purpose.REPLY, answers=1)
        records.outbox.add(draft, conversation_id=f"web:{WANG}", channel="web", at=app.clock(), key="bad")

    app.door.drain(clock=app.clock)

    said = lines(app, WANG)
    assert not any("保本" in text for _, text in said)
    assert any("请同事来" in text for _, text in said)
    with app.store.reading() as records:
        assert [c.party for c in records.conversations.waiting()] == [WANG]
        assert [row.key for row in records.outbox.by_status("blocked")] == ["bad"]


def test_what_a_manager_types_passes_the_same_door(house: House) -> None:
    app = house()
    say(app, WANG, "转人工")
    say(app, ZHOU, f"take_over:web:{WANG}")

    say(app, ZHOU, "回复 这款稳赚不赔，今天是最后一天，赶紧买")
    app.door.drain(clock=app.clock)

    assert not any("稳赚" in text for _, text in lines(app, WANG))
    assert any("没有发给" in text for _, text in lines(app, ZHOU))


def test_a_silent_manager_loses_the_conversation_to_the_queue(house: House) -> None:
    clock = MovableClock(MORNING)
    app = house(clock=clock)
    say(app, WANG, "转人工")
    say(app, ZHOU, f"take_over:web:{WANG}")
    clock.at += timedelta(seconds=100)
    say(app, WANG, "在吗")

    clock.at += timedelta(seconds=179)
    assert return_silent(app.store, at=clock.at, sla=timedelta(seconds=180)) == []
    clock.at += timedelta(seconds=2)
    returned = return_silent(app.store, at=clock.at, sla=timedelta(seconds=180))
    app.door.drain(clock=clock)

    assert returned == [f"web:{WANG}"]
    assert any(text.startswith("人工结束") for _, text in lines(app, WANG))
    assert say(app, WANG, "卡丢了先做什么")


def test_a_greeting_is_sent_once_however_often_the_tick_comes(house: House) -> None:
    clock = MovableClock(datetime(2026, 12, 22, 9, 30, tzinfo=BANK_ZONE))
    app = house(clock=clock)

    first = tick_once(app)
    again = tick_once(app)
    clock.at += timedelta(hours=1)
    later = tick_once(app)

    assert first["planned"]
    assert len(first["sent"]) == len(first["planned"])
    assert not again["planned"]
    assert not later["sent"]
    greeted = Party(Role.CUSTOMER, first["sent"][0]["customer_id"])
    assert [author for author, _ in lines(app, greeted)] == ["bot"]


def test_a_greeting_waits_for_the_hours_of_contact_and_is_dropped_after_its_day(house: House) -> None:
    clock = MovableClock(datetime(2026, 12, 22, 6, 0, tzinfo=BANK_ZONE))
    app = house(clock=clock)

    assert not tick_once(app)["sent"]
    clock.at = datetime(2026, 12, 22, 22, 0, tzinfo=BANK_ZONE)
    assert not tick_once(app)["sent"]
    clock.at = datetime(2026, 12, 23, 10, 0, tzinfo=BANK_ZONE)
    late = tick_once(app)

    assert not late["sent"]
    assert {row["status"] for row in late["other"]} == {"expired"}


def test_consent_withdrawn_after_planning_stops_the_queued_greeting(house: House) -> None:
    clock = MovableClock(datetime(2026, 12, 22, 8, 0, tzinfo=BANK_ZONE))
    app = house(clock=clock)
    planned = tick_once(app)["planned"]
    refuser = Party(Role.CUSTOMER, planned[0]["customer_id"])
    say(app, refuser, "别再给我发消息了", channel="console")

    clock.at = datetime(2026, 12, 22, 9, 30, tzinfo=BANK_ZONE)
    sent = {row["customer_id"] for row in tick_once(app)["sent"]}

    assert refuser.id not in sent
    assert len(sent) == len(planned) - 1


@pytest.mark.parametrize(
    "text", ["", "   ", "😀😀", "\x00\x01\x02", "‮abc", "啊" * 300_000, "<script>alert(1)</script>", "'; DROP TABLE inbox;--"]
)
def test_whatever_is_typed_is_answered_kindly(house: House, text: str) -> None:
    app = house()

    answers = say(app, WANG, text)

    assert answers
    assert not any("Traceback" in answer or "Error" in answer for answer in answers)
    assert read(app, lambda records: records.inbox.waiting()) == 0


def test_a_message_that_comes_again_is_answered_once(house: House) -> None:
    app = house()
    inbound = Inbound(channel="web", message_id="same", sender=WANG, text="网点几点开门", received_at=app.clock())

    outcomes = [app.converse(inbound)[0] for _ in range(3)]

    assert [outcome is not None for outcome in outcomes] == [True, False, False]
    assert sum(author == "customer" for author, _ in lines(app, WANG)) == 1


def test_many_customers_at_once_each_get_their_own_answers_in_order(house: House) -> None:
    app = house(clock=lambda: datetime.now(BANK_ZONE).replace(hour=10))
    app.mover.start()
    parties = [Party(Role.CUSTOMER, f"C{number:06d}") for number in range(1, 13)]

    def talk(party: Party) -> None:
        for text in ("网点几点开门", "卡丢了", "谢谢"):
            app.receive(Inbound(channel="web", message_id=f"{party}-{text}", sender=party, text=text, received_at=app.clock()))

    threads = [threading.Thread(target=talk, args=(party,)) for party in parties]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done = threading.Event()
    for _ in range(600):
        with app.store.reading() as records:
            if records.inbox.waiting() == 0 and records.outbox.next_due() is None and not records.outbox.workers():
                break
        done.wait(0.05)

    for party in parties:
        said = lines(app, party)
        assert [text for author, text in said if author == "customer"] == ["网点几点开门", "卡丢了", "谢谢"]
        assert sum(author == "bot" for author, _ in said) >= 3
