"""Staff ask over Telegram and get their answers; strangers get one line and leave nothing behind."""

from dataclasses import replace

import pytest

from bot.app import App
from bot.channels.telegram.channel import TelegramChannel
from domain.errors import BadSettings
from domain.message import Inbound, conversation_id
from domain.party import Party, Role
from sandbox.telegram import TelegramServer
from sandbox.telegram.world import Sent
from tests.integration.telegram.conftest import STRANGER, ZHOU_USER, Line, Opener, channel_to

ZHOU = Party(Role.RM, "S0003")
CUSTOMER_USER = 2002


def hear(server: TelegramServer, user: int, count: int) -> list[Sent]:
    """Wait until somebody has so many messages."""
    assert server.world.wait(lambda: len(server.world.seen_by(user)) >= count), [sent.text for sent in server.world.sent]
    return server.world.seen_by(user)


def customers_own(app: App) -> Party:
    """A customer of the RM who may be handed over to him."""
    with app.store.reading() as records:
        return Party(Role.CUSTOMER, next(one.id for one in records.book.customers_of("S0003") if one.kind == "person"))


def on_the_web(app: App, party: Party, text: str) -> None:
    app.converse(Inbound(channel="web", message_id=f"web-{text}", sender=party, text=text, received_at=app.clock()))


def said_by(line: Line, party: Party) -> list[tuple[str, str]]:
    with line.app.store.reading() as records:
        lines = records.transcript.of(conversation_id("telegram", party))
        return [(one.kind, one.text) for one in lines if one.author == str(party)]


def test_a_relationship_manager_sees_the_queue_and_the_customers(server: TelegramServer, open_line: Opener) -> None:
    line = open_line()
    with line.app.store.reading() as records:
        names = {customer.name for customer in records.book.customers_of("S0003")}

    server.world.say(ZHOU_USER, "待接")
    queue = hear(server, ZHOU_USER, 1)[-1]
    server.world.say(ZHOU_USER, "我的客户名单")
    listed = hear(server, ZHOU_USER, 2)[-1]

    assert "没有客户在等" in queue.text
    assert any(name in listed.text for name in names)
    assert all(row.status == "sent" for row in line.rows("sent"))
    assert server.world.wait(lambda: server.world.waiting == 0)


def test_pressing_a_button_takes_a_customer_over(server: TelegramServer, open_line: Opener) -> None:
    line = open_line()
    on_the_web(line.app, customers_own(line.app), "转人工")
    server.world.say(ZHOU_USER, "待接")
    queue = next(sent for sent in hear(server, ZHOU_USER, 1) if sent.labels)
    seen = len(server.world.seen_by(ZHOU_USER))

    server.world.press(ZHOU_USER, queue, queue.labels[0])

    assert any("已接管" in sent.text for sent in hear(server, ZHOU_USER, seen + 1)[seen:])
    assert server.world.wait(lambda: len(server.world.answered) == 1)


def test_a_choice_is_made_once_and_stays_visible(server: TelegramServer, open_line: Opener) -> None:
    line = open_line()
    on_the_web(line.app, customers_own(line.app), "转人工")
    server.world.say(ZHOU_USER, "/waiting")
    queue = next(sent for sent in hear(server, ZHOU_USER, 1) if sent.labels)
    before, label = replace(queue), queue.labels[0]  # the message as a slow phone shows it

    server.world.press(ZHOU_USER, before, label)
    server.world.press(ZHOU_USER, before, label)
    assert server.world.wait(lambda: queue.labels == [f"✓ {label}"])
    server.world.press(ZHOU_USER, queue, f"✓ {label}")
    assert server.world.wait(lambda: len(server.world.answered) == 3 and server.world.waiting == 0)
    line.reception.stop()
    line.app.close()
    again = open_line()
    server.world.press(ZHOU_USER, before, label)
    assert server.world.wait(lambda: len(server.world.answered) == 4 and server.world.waiting == 0)

    payload = before.keyboard[0][0]["callback_data"]
    assert [text for _, text in said_by(again, ZHOU)] == ["待接", payload]
    with again.app.store.reading() as records:
        assert records.inbox.waiting() == 0


def test_a_link_stays_when_a_choice_beside_it_is_made(server: TelegramServer, open_line: Opener) -> None:
    page = "https://www.bank.example/app"
    open_line(bank_pages={"app": page}, link_hosts=("www.bank.example",))
    server.world.say(ZHOU_USER, "手机银行登不上去了")
    [answer] = [sent for sent in hear(server, ZHOU_USER, 1) if sent.labels]
    assert answer.labels == ["官网下载App", "展开"]

    server.world.press(ZHOU_USER, answer, "展开")

    assert server.world.wait(lambda: answer.labels == ["官网下载App", "✓ 展开"])
    assert answer.keyboard[0] == [{"text": "官网下载App", "url": page}]


def test_the_menu_of_commands_is_for_staff(server: TelegramServer, open_line: Opener) -> None:
    open_line()
    assert server.world.wait(lambda: len(server.world.commands) == 1)
    commands = [f"/{one['command']}" for one in server.world.commands[0]]

    for command in commands:
        server.world.say(ZHOU_USER, command)

    heard = hear(server, ZHOU_USER, len(commands))
    assert len({sent.text for sent in heard}) == len(commands)  # each is understood as something of its own
    assert "没有客户在等" in heard[0].text


def test_where_customers_are_let_in_there_is_no_menu_of_staff(server: TelegramServer, open_line: Opener) -> None:
    open_line({str(CUSTOMER_USER): "customer:C000002"}, customers=True)
    server.world.say(CUSTOMER_USER, "你好")

    hear(server, CUSTOMER_USER, 1)
    assert server.world.commands == []


def test_a_button_still_means_what_it_says_after_a_restart_and_other_choices(server: TelegramServer, open_line: Opener) -> None:
    first = open_line()
    on_the_web(first.app, customers_own(first.app), "转人工")
    server.world.say(ZHOU_USER, "待接")
    queue = next(sent for sent in hear(server, ZHOU_USER, 1) if sent.labels)
    first.reception.stop()
    first.app.close()
    open_line()
    server.world.say(ZHOU_USER, "我的客户名单")
    seen = len(hear(server, ZHOU_USER, 2))

    server.world.press(ZHOU_USER, queue, queue.labels[0])

    assert any("已接管" in sent.text for sent in hear(server, ZHOU_USER, seen + 1)[seen:])


def test_a_stranger_gets_one_kind_line_and_nothing_is_stored(server: TelegramServer, open_line: Opener) -> None:
    line = open_line()

    for text in ("我的客户名单", "在吗", "take_over:web:customer:C000002"):
        server.world.say(STRANGER, text)
    hear(server, STRANGER, 1)
    assert server.world.wait(lambda: server.world.waiting == 0)

    assert [sent.text[:3] for sent in server.world.seen_by(STRANGER)] == ["您好！"]
    assert line.reception.refused["stranger"] == 3
    with line.app.store.reading() as records:
        assert records.inbox.waiting() == 0
        assert not records.outbox.by_status("sent")


@pytest.mark.parametrize("who", ["rm:S9999", "compliance:S0003"])
def test_somebody_whom_the_bank_does_not_know_in_that_role_is_a_stranger(server: TelegramServer, open_line: Opener, who: str) -> None:
    line = open_line({str(ZHOU_USER): who})

    server.world.say(ZHOU_USER, "我的客户名单")

    assert "没有登记" in hear(server, ZHOU_USER, 1)[0].text
    assert line.reception.refused["stranger"] == 1


def test_a_customer_is_refused_at_the_start(server: TelegramServer) -> None:
    with pytest.raises(BadSettings, match="mainland"):
        channel_to(server, {"2002": "customer:C000002"})


def test_a_customer_is_served_where_a_setting_says_so(server: TelegramServer, open_line: Opener) -> None:
    open_line({str(CUSTOMER_USER): "customer:C000002"}, customers=True)

    server.world.say(CUSTOMER_USER, "锁卡和挂失有啥区别")

    heard = hear(server, CUSTOMER_USER, 2)
    assert "智能助手" in heard[0].text
    assert "锁卡" in heard[1].text


@pytest.mark.parametrize(
    ("people", "fault"),
    [
        ({"abc": "rm:S0003"}, "user id"),
        ({"-100123": "rm:S0003"}, "user id"),
        ({"1": "nobody"}, "role:id"),
        ({"1": "bot:peiban"}, "not a person"),
        ({"1": "rm:S0003", "2": "rm:S0003"}, "two Telegram users"),
    ],
)
def test_people_that_cannot_be_used_stop_the_start(server: TelegramServer, people: dict[str, str], fault: str) -> None:
    with pytest.raises(BadSettings, match=fault):
        channel_to(server, people)


def test_groups_are_passed_over_and_an_edit_is_answered_politely(server: TelegramServer, open_line: Opener) -> None:
    line = open_line()

    server.world.say_in_group(ZHOU_USER, "我的客户名单")
    server.world.edit(ZHOU_USER, "待接（改过）")

    assert "重新发一条" in hear(server, ZHOU_USER, 1)[0].text
    assert server.world.wait(lambda: server.world.waiting == 0)
    assert line.reception.refused["group"] == 1
    assert said_by(line, ZHOU) == []


PHOTO = [{"file_id": "f", "file_unique_id": "u", "width": 10, "height": 10}]
FILE = {"file_id": "f", "file_unique_id": "u"}


SAID: list[tuple[str, dict[str, object], tuple[str, str]]] = [
    ("", {"photo": PHOTO}, ("image", "[图片]")),
    ("", {"photo": PHOTO, "caption": "这张能用吗"}, ("image", "这张能用吗")),
    ("", {"voice": FILE | {"duration": 3}}, ("voice", "[语音]")),
    ("", {"document": FILE}, ("file", "[文件]")),
    ("", {"location": {"longitude": 120.1, "latitude": 30.2}}, ("location", "[位置]")),
    ("/start", {}, ("text", "你好")),
    ("半个\ud83d字", {}, ("text", "半个?字")),
    ("空\x00字", {}, ("text", "空字")),
]


def test_whatever_is_sent_becomes_something_readable_in_order(server: TelegramServer, open_line: Opener) -> None:
    line = open_line()

    for text, fields, _ in SAID:
        server.world.say(ZHOU_USER, text, **fields)
    hear(server, ZHOU_USER, len(SAID))

    assert said_by(line, ZHOU) == [stored for _, _, stored in SAID]


def test_an_update_that_nobody_can_read_holds_up_no_other(server: TelegramServer, open_line: Opener) -> None:
    line = open_line()

    server.world.put({"message": {"chat": 5, "from": []}})
    server.world.put({"something_of_next_year": {"a": 1}})
    server.world.say(ZHOU_USER, "待接")

    assert "没有客户在等" in hear(server, ZHOU_USER, 1)[0].text
    assert line.reception.refused["kind"] == 2


def test_nobody_else_gets_what_was_meant_for_a_person(sending: TelegramChannel) -> None:
    assert sending.people.party_of(STRANGER) is None
    assert sending.people.chat_of(ZHOU) == ZHOU_USER
