"""Customers on WeChat customer service, the real dialogue, and WeCom's own people: who speaks, who is silent, what is written down."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from bot.app import App
from bot.channels.wecom.kf.channel import KfChannel
from bot.channels.wecom.kf.names import conversation_of
from bot.channels.wecom.wiring import Reception, attach
from domain.conversation import Conversation, Owner
from domain.customer_service import ServiceState
from domain.party import Party, Role
from tests.conftest import MORNING, MovableClock
from tests.integration.wecom.kf_rig import CORP, KEY, KFID, TOKEN, KfServer, kf_server, wait_for, words

pytestmark = pytest.mark.slow

WHO = "wmVisitor"
CONVERSATION = conversation_of(KFID, WHO)
EVENT = {"Event": "kf_msg_or_event", "OpenKfId": KFID, "Token": "T"}


class Rig:
    """The app, its reception, and the server that plays WeCom."""

    def __init__(self, app: App, reception: Reception, server: KfServer) -> None:
        self.app, self.reception, self.server = app, reception, server

    def tell(self) -> None:
        self.reception.hear(EVENT)

    def ask(self, text: str) -> str:
        """Say something and read all that comes back: a first message is greeted beside its answer."""
        before = len(self.server.sent)
        self.server.say(WHO, text)
        self.tell()
        wait_for(before + 1, self.server)
        self.until(self.quiet, "not all that was said was sent")
        return "\n".join(self.server.texts()[before:])

    def quiet(self) -> bool:
        """Whether everything is worked and sent."""
        with self.app.store.reading() as records:
            return records.inbox.waiting() == 0 and not any(records.outbox.by_status(one) for one in ("pending", "sending"))

    def owner(self) -> tuple[Owner, str | None]:
        with self.app.store.reading() as records:
            conversation = records.conversations.find(CONVERSATION)
            assert conversation is not None
            return conversation.owner, conversation.staff

    def state(self) -> ServiceState:
        with self.app.store.reading() as records:
            session = records.links.session(CONVERSATION)
            return session.state if session else ServiceState.NEW

    def until(self, holds: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + 15
        while not holds():
            assert time.monotonic() < deadline, what
            time.sleep(0.03)


@pytest.fixture
def rig(house: Callable[..., App]) -> Iterator[Rig]:
    with kf_server() as server:
        server.now = MORNING.timestamp
        app = house(
            clock=MovableClock(MORNING),
            wecom_api_base=server.base,
            wecom_corp_id=CORP,
            wecom_secret="s",
            wecom_token=TOKEN,
            wecom_aes_key=KEY,
            wecom_people={"LinXiao": "rm:S0004"},
        )
        channel = app.channels["kf"]
        assert isinstance(channel, KfChannel)
        reception = attach(app, channel)
        app.mover.start()
        reception.start()
        yield Rig(app, reception, server)
        reception.stop()


def test_a_stranger_is_welcomed_once_and_answered(rig: Rig) -> None:
    code = rig.server.code(WHO)
    rig.server.happens(WHO, "enter_session", scene="branch", welcome_code=code)
    rig.tell()
    (welcome,) = wait_for(1, rig.server)
    assert "智能助手" in welcome
    assert rig.server.sent[0]["code"] == code
    assert "挂失" in rig.ask("我的卡丢了")
    assert "隐私" in rig.ask("我余额多少")
    assert all("code" not in one for one in rig.server.sent[1:])


def test_a_welcome_that_comes_too_late_is_not_said(rig: Rig) -> None:
    rig.server.happens(WHO, "enter_session", welcome_code=rig.server.code(WHO), age_s=40)
    rig.server.say(WHO, "在吗")
    rig.tell()
    texts = wait_for(1, rig.server)
    time.sleep(0.5)
    assert len(rig.server.texts()) == len(texts) == 1
    assert "code" not in rig.server.sent[0]


def test_a_pressed_item_of_a_menu_is_understood(rig: Rig) -> None:
    rig.ask("你好")
    menu = rig.server.sent[-1]["msgmenu"]
    item = next(one["click"] for one in menu["list"] if one["click"]["content"] == "查网点")
    before = len(rig.server.sent)
    rig.server.say(WHO, item["content"], text={"content": item["content"], "menu_id": item["id"]})
    rig.tell()
    assert "网点" in wait_for(before + 1, rig.server)[before]


def test_into_the_pool_picked_up_by_a_person_ended_and_back(rig: Rig) -> None:
    server = rig.server
    rig.ask("你好")
    assert "同事来接" in rig.ask("找真人")
    rig.until(lambda: server.states.get(WHO) == 2, "nobody was asked for in WeCom")
    rig.until(lambda: rig.state() is ServiceState.POOL, "the pool was not noted")

    # Nobody has come yet; WeCom takes no word of the bot's now.
    said = len(server.sent)
    server.say(WHO, "还要多久")
    rig.tell()
    rig.until(lambda: "还要多久" in _customer_lines(rig), "the message was lost")
    time.sleep(0.5)
    assert len(server.sent) == said

    server.states[WHO] = 3
    server.happens(WHO, "session_status_change", change_type=1, new_servicer_userid="LinXiao", msg_code=server.code(WHO))
    rig.tell()
    rig.until(lambda: rig.owner() == (Owner.HUMAN, "S0004"), "the person does not own it")
    assert "来接您了" in wait_for(said + 1, server)[said]
    server.say(WHO, "您好，我来帮您看", origin=5, servicer_userid="LinXiao")
    server.say(WHO, "我想改预留手机号")
    rig.tell()
    rig.until(lambda: "我想改预留手机号" in _customer_lines(rig), "the message was lost")
    time.sleep(0.5)
    assert len(server.sent) == said + 1, "the bot spoke while a person has it"

    server.states[WHO] = 4
    server.happens(WHO, "session_status_change", change_type=3, old_servicer_userid="LinXiao", msg_code=server.code(WHO))
    rig.tell()
    rig.until(lambda: rig.owner()[0] is Owner.BOT, "it was not given back")
    assert "先告一段落" in wait_for(said + 2, server)[said + 1]
    choices = {one["click"]["content"]: one["click"]["id"] for one in server.sent[said + 1]["msgmenu"]["list"]}
    assert list(choices) == ["满意", "一般", "不满意"]
    server.states[WHO] = 0
    assert rig.ask("周末开门吗")

    # What the customer thinks of it: the last press counts, and a person hears of a bad one.
    for pressed, reply in (("满意", "谢谢您告诉我们。"), ("不满意", "哪里没做好")):
        before = len(server.sent)
        server.say(WHO, pressed, text={"content": pressed, "menu_id": choices[pressed]})
        rig.tell()
        assert reply in wait_for(before + 1, server)[before]
    with rig.app.store.writing() as records:
        (survey,) = records.surveys.answered("S0004", since=MORNING - timedelta(days=1))
        assert (survey.conversation_id, survey.score) == (CONVERSATION, 1)
        (task,) = records.tasks.listed(kind="dissatisfied")
        assert (task.title, task.conversation_id) == ("客户对服务不满意", CONVERSATION)
        manager = records.book.staff(task.assignee or "")
        assert manager is None or manager.role is Role.MANAGER
        records.tasks.close(task.key, at=MORNING)
    assert rig.ask("survey:999999-1")  # nobody was asked that
    with rig.app.store.reading() as records:
        assert [one.id for one in records.surveys.answered("S0004", since=MORNING - timedelta(days=1))] == [survey.id]

    with rig.app.store.reading() as records:
        authors = [line.author for line in records.transcript.of(CONVERSATION)]
        open_tasks = [task.kind for task in records.tasks.listed()]
    assert "rm:S0004" in authors
    assert open_tasks == []


def test_a_person_who_stopped_serving_is_not_handed_to(rig: Rig) -> None:
    rig.server.servicers = {"LinXiao": 1}
    rig.ask("找真人")
    rig.until(lambda: rig.server.states.get(WHO) == 2, "nobody was asked for in WeCom")
    assert rig.owner()[0] is Owner.WAITING


def test_a_customer_of_the_bank_is_handed_to_their_own_relationship_manager(rig: Rig) -> None:
    rig.server.servicers = {"linxiao": 0, "ZhouMin": 0}  # the list of the settings writes LinXiao
    who = "wmOfLinXiao"
    with rig.app.store.writing() as records:
        customer = records.book.customers_of("S0004")[0]
        party = Party(Role.CUSTOMER, customer.id)
        waiting = Conversation(id=conversation_of(KFID, who), channel="kf", party=party, owner=Owner.WAITING)
        records.conversations.save(waiting, at=rig.app.clock())
    rig.app.bell.ring(waiting.id)

    def taken() -> bool:
        with rig.app.store.reading() as records:
            session, conversation = records.links.session(waiting.id), records.conversations.find(waiting.id)
        theirs = conversation is not None and (conversation.owner, conversation.staff) == (Owner.HUMAN, "S0004")
        return theirs and session is not None and session.servicer == "linxiao"

    rig.until(taken, "it did not reach them")
    assert rig.server.states[who] == 3


def test_wecom_takes_it_neither_way_and_the_promise_stands(rig: Rig) -> None:
    rig.server.states[WHO] = 1
    rig.server.fault("kf/service_state/trans", 95013, times=50)
    rig.ask("找真人")
    rig.until(lambda: rig.server.calls["kf/service_state/trans"] > 0, "nobody was asked for in WeCom")
    with rig.app.store.reading() as records:
        assert [task.kind for task in records.tasks.listed()] == ["hand_off"]
    assert rig.ask("我的卡丢了")  # waiting belongs to the bot


def test_a_state_that_we_did_not_know_silences_the_bot(rig: Rig) -> None:
    rig.ask("你好")
    rig.server.states[WHO] = 3  # somebody picked it up and the event has not come yet
    said = len(rig.server.sent)
    rig.server.say(WHO, "我的卡丢了")
    rig.tell()
    rig.until(lambda: rig.state() is ServiceState.PERSON, "the state was not asked for")
    time.sleep(0.5)
    assert len(rig.server.sent) == said
    with rig.app.store.reading() as records:
        assert [task.kind for task in records.tasks.listed()] == []


def test_a_message_that_did_not_arrive_becomes_a_task(rig: Rig) -> None:
    rig.ask("你好")
    rig.server.happens(WHO, "msg_send_fail", fail_msgid=rig.server.sent[-1]["msgid"], fail_type=10)
    rig.tell()

    def told() -> bool:
        with rig.app.store.reading() as records:
            return any("拒收" in task.detail for task in records.tasks.listed(kind="delivery"))

    rig.until(told, "nobody was told")


@pytest.mark.parametrize(
    ("msgtype", "body"),
    [
        ("image", {"media_id": "M"}),
        ("voice", {"media_id": "M"}),
        ("file", {"media_id": "M"}),
        ("location", {"name": "外滩", "latitude": 1, "longitude": 2}),
        ("merged_msg", {}),
        ("never_heard_of", {}),
    ],
)
def test_everything_that_customers_send_is_answered(rig: Rig, msgtype: str, body: dict[str, object]) -> None:
    rig.server.say(WHO, "", msgtype=msgtype, **{msgtype: body})
    rig.tell()
    assert wait_for(1, rig.server)[0]


def test_events_come_twice_and_take_effect_once(rig: Rig) -> None:
    rig.ask("找真人")
    rig.until(lambda: rig.server.states.get(WHO) == 2, "nobody was asked for in WeCom")
    rig.server.states[WHO] = 3
    rig.server.happens(WHO, "session_status_change", change_type=1, new_servicer_userid="LinXiao")
    rig.server.log.append(rig.server.log[-1])
    rig.server.say(WHO, "我来了", origin=5, servicer_userid="LinXiao")
    rig.server.log.append(rig.server.log[-1])
    rig.tell()
    rig.until(lambda: "我来了" in _lines(rig), "the person's words were lost")
    assert _lines(rig).count("我来了") == 1
    assert sum(text.startswith("人工开始") for text in _lines(rig)) == 1


def _lines(rig: Rig) -> list[str]:
    with rig.app.store.reading() as records:
        return [line.text for line in records.transcript.of(CONVERSATION)]


def _customer_lines(rig: Rig) -> list[str]:
    with rig.app.store.reading() as records:
        return [line.text for line in records.transcript.of(CONVERSATION) if line.author.startswith("customer:")]


def test_what_a_customer_reads_is_never_empty(rig: Rig) -> None:
    for text in ("你好", "我的卡丢了", "我要投诉", "找真人"):
        rig.ask(text)
    assert all(words(one) for one in rig.server.sent)
