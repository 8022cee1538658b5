"""Staff talk with the smart robot over its long connection: stored once, answered once, whatever becomes of the connection."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest

from bot.app import App
from bot.channels.listening import listening
from bot.channels.wecom.aibot.channel import AibotChannel
from bot.channels.wecom.aibot.doctor import check_aibot
from bot.channels.wecom.aibot.line import Line
from bot.channels.wecom.app.members import Members
from bot.channels.wecom.doctor import Outcome
from bot.channels.wecom.people import WeComPeople
from compliance.gate import review
from compliance.rule import Context
from domain.errors import ChannelDown, DeliveryUnknown, RecipientGone
from domain.message import Approved, Draft, Inbound, Purpose, conversation_id
from domain.party import Party, Role
from tests.conftest import MORNING, MovableClock
from tests.integration.wecom.aibot_rig import BOT, LIN, SECRET, SETTINGS, STRANGER, RobotServer, robot_server, words

pytestmark = pytest.mark.slow

ZHOU_PARTY = Party(Role.RM, "S0003")
CONVERSATION = conversation_id("wecom_aibot", ZHOU_PARTY)
DRAFT = Draft(text="现在没有客户在等。", to=ZHOU_PARTY, purpose=Purpose.INTERNAL)
RESPOND, SEND = "aibot_respond_msg", "aibot_send_msg"


@pytest.fixture
def robot() -> Iterator[RobotServer]:
    with robot_server() as server:
        yield server


@pytest.fixture
def open_house(house: Callable[..., App], robot: RobotServer) -> Iterator[Callable[..., App]]:
    """Opens a house that listens to the robot as `run` does."""
    with ExitStack() as ends:

        def make(**settings: Any) -> App:
            app = house(clock=MovableClock(MORNING), wecom_aibot_url=robot.url, **(SETTINGS | settings))
            app.mover.start()
            assert ends.enter_context(listening(app)) == []
            assert robot.wait(lambda: robot.subscribed > 0)
            return app

        yield make


def send(channel: AibotChannel, draft: Draft = DRAFT) -> str:
    verdict = review(draft, Context(at=MORNING, channel="wecom_aibot"), ())
    assert isinstance(verdict, Approved)
    return channel.send(verdict, key="k", conversation_id=CONVERSATION).reference


def said(app: App) -> list[tuple[str, str]]:
    with app.store.reading() as records:
        return [(line.kind, line.text) for line in records.transcript.of(CONVERSATION) if line.author == str(ZHOU_PARTY)]


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 15
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_what_is_said_is_stored_once_and_answered_on_its_callback(robot: RobotServer, open_house: Callable[..., App]) -> None:
    app = open_house()

    req_id = robot.say("待接", msgid="M-1")
    [answer] = robot.hear(RESPOND, 1)
    robot.say("待接", msgid="M-1")  # WeCom brings it again
    robot.say("我的客户名单", chattype="group")
    robot.say("", msgtype="image", image={"url": "https://wecom.example/i", "aeskey": "k"})
    robot.hear(RESPOND, 2)

    assert answer["headers"] == {"req_id": req_id}
    assert answer["body"]["stream"] | {"id": ""} == {"id": "", "finish": True, "content": words(answer)}
    assert "没有客户在等" in words(answer)
    assert said(app) == [("text", "待接"), ("image", "[图片]")]
    for _ in range(3):
        robot.say("我的客户名单", userid=STRANGER)
    robot.hear(RESPOND, 3)
    robot.say("帮助", userid=LIN)
    robot.hear(RESPOND, 4)
    assert ["没有登记" in words(one) for one in robot.of(RESPOND, SEND)].count(True) == 1  # one line, however much they write


def test_a_customer_who_waits_comes_as_a_card_that_is_pressed_once(robot: RobotServer, open_house: Callable[..., App]) -> None:
    app = open_house()
    with app.store.reading() as records:
        customer = Party(Role.CUSTOMER, next(one.id for one in records.book.customers_of("S0003") if one.kind == "person"))
    app.converse(Inbound(channel="web", message_id="w1", sender=customer, text="转人工", received_at=app.clock()))
    robot.say("待接")
    until(lambda: any(one["body"]["msgtype"] == "template_card" for one in robot.of(RESPOND, SEND)))
    card = next(one["body"]["template_card"] for one in robot.of(RESPOND, SEND) if one["body"]["msgtype"] == "template_card")
    button = card["button_list"][0]

    pressed = {"card_type": card["card_type"], "event_key": button["key"], "task_id": card["task_id"]}
    req_id = robot.event("template_card_event", **pressed)
    [update] = robot.hear("aibot_respond_update_msg", 1)
    robot.event("template_card_event", **pressed)
    robot.event("template_card_event", **(pressed | {"event_key": update["body"]["template_card"]["button_list"][0]["key"]}))
    until(lambda: any("已接管" in words(one) for one in robot.of(RESPOND, SEND)))

    assert update["headers"] == {"req_id": req_id}
    assert update["body"]["template_card"]["task_id"] == card["task_id"]
    assert update["body"]["template_card"]["button_list"][0]["text"] == f"✓{button['text']}"[:10]
    robot.say("帮助")
    until(lambda: len(said(app)) == 3)
    assert [text for _, text in said(app)] == ["待接", button["key"], "帮助"]


def test_opening_the_chat_is_greeted_in_time(robot: RobotServer, open_house: Callable[..., App]) -> None:
    open_house()

    req_id = robot.event("enter_chat")

    [welcome] = robot.hear("aibot_respond_welcome_msg", 1)
    assert welcome["headers"] == {"req_id": req_id}
    assert welcome["body"]["msgtype"] in ("text", "template_card")
    assert words(welcome)


def test_a_callback_that_has_lapsed_is_answered_by_a_message(robot: RobotServer, open_house: Callable[..., App]) -> None:
    app = open_house()
    robot.refuse[RESPOND] = [853001]

    robot.say("待接")

    [message] = robot.hear(SEND, 1)
    assert message["body"] | {"markdown": None} == {"chatid": "ZhouMin", "chat_type": 1, "msgtype": "markdown", "markdown": None}
    assert "没有客户在等" in words(message)
    until(lambda: all(one.status == "sent" for one in rows(app)))


def rows(app: App) -> list[Any]:
    with app.store.reading() as records:
        return [row for status in ("pending", "sending", "sent", "unknown", "failed") for row in records.outbox.by_status(status)]


def test_an_answer_on_which_the_line_broke_goes_to_a_person_and_never_out_again(robot: RobotServer, open_house: Callable[..., App]) -> None:
    app = open_house()
    robot.drop.append(RESPOND)

    robot.say("待接")
    robot.hear(RESPOND, 1)
    assert robot.wait(lambda: robot.subscribed == 2)  # it connects again by itself
    robot.say("帮助")
    robot.hear(RESPOND, 2)

    until(lambda: sorted(row.status for row in rows(app)) == ["sent", "unknown"])  # that of the answer, and that of the help
    assert ["没有客户在等" in words(one) for one in robot.of(RESPOND, SEND)].count(True) == 1
    with app.store.reading() as records:
        assert [task.kind for task in records.tasks.listed()] == ["delivery"]


@pytest.fixture
def alone(house: Callable[..., App], robot: RobotServer) -> Iterator[Callable[..., AibotChannel]]:
    """The channel alone, with little patience."""
    with ExitStack() as ends:

        def make(**how: Any) -> AibotChannel:
            given: dict[str, Any] = {"waits_s": (0.05,), "displaced_s": (0.3,), "answer_s": 1.0}
            line = Line(robot.url, BOT, SECRET, **(given | how))
            app = house()
            channel = AibotChannel(line, Members(app.store, WeComPeople(SETTINGS["wecom_people"])), app.clock)
            ends.callback(channel.close)
            return channel

        yield make


def test_what_a_failed_send_means(robot: RobotServer, alone: Callable[..., AibotChannel]) -> None:
    channel = alone()
    with pytest.raises(ChannelDown, match="no connection"):
        send(channel)
    robot.refuse["aibot_subscribe"] = [853000]
    channel.line.start(lambda _frame: None)
    assert robot.wait(lambda: robot.subscribed == 1)  # refused once, taken at the next try
    assert len(robot.of("aibot_subscribe")) == 2
    until(lambda: channel.line.round == 1)

    for code, meaning in ((45009, ChannelDown), (60111, RecipientGone), (777777, DeliveryUnknown)):
        robot.refuse[SEND] = [code]
        with pytest.raises(meaning):
            send(channel)
    with pytest.raises(RecipientGone, match="no WeCom userid"):
        send(channel, replace(DRAFT, to=Party(Role.CUSTOMER, "C000002"), purpose=Purpose.REPLY))
    robot.refuse[SEND] = [0, 45009]
    with pytest.raises(DeliveryUnknown, match="1 of 2 parts"):
        send(channel, replace(DRAFT, text="这是一句完整的话。" * 1_000))
    send(channel, replace(DRAFT, text="1. [点这里](https://a.example)"))

    assert "](" not in words(robot.of(SEND)[-1])
    assert all(len(words(one).encode()) <= 20_480 for one in robot.of(SEND))


def test_who_is_displaced_stands_aside_for_a_while(robot: RobotServer, alone: Callable[..., AibotChannel]) -> None:
    channel = alone()
    channel.line.start(lambda _frame: None)
    until(lambda: channel.line.round == 1)

    begun = time.monotonic()
    robot.displace()
    until(lambda: _is_down(channel))
    assert robot.wait(lambda: robot.subscribed == 2)

    assert time.monotonic() - begun >= 0.3


def _is_down(channel: AibotChannel) -> bool:
    try:
        send(channel)
    except ChannelDown:
        return True
    except DeliveryUnknown:
        return False
    return False


def test_a_connection_that_only_looks_alive_is_given_up(robot: RobotServer, alone: Callable[..., AibotChannel]) -> None:
    channel = alone(heartbeat_s=0.1)
    channel.line.start(lambda _frame: None)
    robot.hear("ping", 3)
    assert robot.subscribed == 1

    robot.deaf = True

    assert robot.wait(lambda: robot.subscribed == 2)


def test_the_doctor_looks_without_pushing_the_robot_out(robot: RobotServer, alone: Callable[..., AibotChannel]) -> None:
    channel = alone()
    channel.line.start(lambda _frame: None)
    until(lambda: channel.line.round == 1)

    reached, nobody = check_aibot(robot.url), check_aibot("ws://127.0.0.1:9")

    assert (reached.outcome, nobody.outcome) == (Outcome.NOTE, Outcome.MISSING)
    send(channel)
    assert robot.subscribed == 1
