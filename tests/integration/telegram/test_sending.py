"""What leaves, how it looks there, and what a failure means: not delivered, perhaps delivered, out of reach."""

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app import build
from bot.channels.telegram import telegram_channel
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.parts import TEXT_LIMIT, split, units
from compliance.gate import review
from compliance.rule import Context
from config.settings import Settings
from domain.errors import ChannelDown, DeliveryUnknown, PeibanError, RecipientGone
from domain.message import Approved, Button, Draft, Link, Purpose
from domain.party import Party, Role
from sandbox.telegram import Fault, TelegramServer
from tests.conftest import MORNING
from tests.integration.telegram.conftest import PEOPLE, TOKEN, ZHOU_USER, Opener, channel_to

ZHOU = Party(Role.RM, "S0003")
DRAFT = Draft(text="现在没有客户在等。", to=ZHOU, purpose=Purpose.INTERNAL)
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40


def approved(draft: Draft = DRAFT) -> Approved:
    verdict = review(draft, Context(at=MORNING, channel="telegram"), ())
    assert isinstance(verdict, Approved)
    return verdict


def send(channel: TelegramChannel, draft: Draft = DRAFT) -> str:
    return channel.send(approved(draft), key="k", conversation_id="telegram:rm:S0003").reference


def test_a_text_arrives_with_its_buttons(server: TelegramServer, sending: TelegramChannel) -> None:
    long = "take_over:" + "x" * 80
    buttons = (Button(label="接王芳", payload="take_over:web:customer:C000002"), Button(label="都不是", payload=long))

    reference = send(sending, replace(DRAFT, buttons=buttons))

    [sent] = server.world.sent
    assert (sent.chat, sent.text, str(sent.message_id)) == (ZHOU_USER, DRAFT.text, reference)
    assert sent.labels == ["接王芳", "都不是"]
    assert [button["callback_data"] for row in sent.keyboard for button in row] == ["take_over:web:customer:C000002", "2"]


def test_links_open_from_above_the_choices(server: TelegramServer, sending: TelegramChannel) -> None:
    link = Link(label="网点查询", url="https://www.bank.example/branches")

    send(sending, replace(DRAFT, links=(link,), buttons=(Button(label="展开", payload="more:x"),)))
    send(sending, replace(DRAFT, links=(link,)))

    both, alone = server.world.sent
    opens = [{"text": "网点查询", "url": link.url}]
    assert both.keyboard == [opens, [{"text": "展开", "callback_data": "more:x"}]]
    assert alone.keyboard == [opens]


def test_a_long_text_arrives_in_pieces_with_the_buttons_last(server: TelegramServer, sending: TelegramChannel) -> None:
    text = "\n".join(f"第{number}行，每一行都要到。" for number in range(900))

    send(sending, replace(DRAFT, text=text, buttons=(Button(label="好", payload="thanks:"),)))

    assert len(server.world.sent) > 1
    assert "\n".join(sent.text for sent in server.world.sent) == text
    assert [bool(sent.labels) for sent in server.world.sent] == [False] * (len(server.world.sent) - 1) + [True]


@given(st.text(st.sampled_from("春节好。，\n 😀a"), max_size=400), st.integers(min_value=2, max_value=60))
def test_cutting_loses_nothing_but_blanks_and_keeps_the_limit(text: str, limit: int) -> None:
    pieces = split(text, limit)

    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert all(0 < units(piece) <= limit for piece in pieces)


def test_a_picture_arrives_with_its_text(server: TelegramServer, sending: TelegramChannel, tmp_path: Path) -> None:
    (tmp_path / "card.png").write_bytes(PNG)

    send(sending, replace(DRAFT, image=str(tmp_path / "card.png")))
    send(sending, replace(DRAFT, image=str(tmp_path / "card.png"), text="长" * 1500))

    assert [(sent.photo, sent.text) for sent in server.world.sent] == [(PNG, DRAFT.text), (PNG, ""), (None, "长" * 1500)]


@pytest.mark.parametrize("content", [b"not a picture", None])
def test_a_picture_that_cannot_be_shown_leaves_the_text(
    server: TelegramServer, sending: TelegramChannel, tmp_path: Path, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / "card.png").write_bytes(content)

    send(sending, replace(DRAFT, image=str(tmp_path / "card.png")))

    assert [(sent.photo, sent.text) for sent in server.world.sent] == [(None, DRAFT.text)]


@pytest.mark.parametrize(
    ("fault", "meaning", "arrived"),
    [
        (Fault.FLOOD, ChannelDown, 0),
        (Fault.BROKEN, ChannelDown, 0),
        (Fault.DROP_BEFORE, DeliveryUnknown, 0),
        (Fault.DROP_AFTER, DeliveryUnknown, 1),
        (Fault.GATEWAY, DeliveryUnknown, 1),
        (Fault.GARBAGE, DeliveryUnknown, 1),
    ],
)
def test_only_what_certainly_did_not_arrive_may_be_sent_again(
    server: TelegramServer, sending: TelegramChannel, fault: Fault, meaning: type[PeibanError], arrived: int
) -> None:
    server.faults.add("sendmessage", fault)

    with pytest.raises(meaning):
        send(sending)

    assert len(server.world.sent) == arrived


def test_what_is_not_answered_in_time_may_have_arrived(server: TelegramServer) -> None:
    server.world.say(ZHOU_USER, "/start")
    channel = channel_to(server, timeout_s=2.0)
    server.faults.add("sendmessage", Fault.SLOW)

    with pytest.raises(DeliveryUnknown):
        send(channel)

    assert server.world.wait(lambda: len(server.world.sent) == 1)
    channel.close()


def test_flood_control_says_how_long_to_wait(server: TelegramServer, sending: TelegramChannel) -> None:
    server.faults.add("sendmessage", Fault.FLOOD)

    with pytest.raises(ChannelDown) as caught:
        send(sending)

    assert caught.value.retry_after_s == server.faults.retry_after


def test_a_text_of_which_a_part_arrived_is_not_begun_again(server: TelegramServer, sending: TelegramChannel) -> None:
    server.faults.add("sendmessage", None, Fault.FLOOD)

    with pytest.raises(DeliveryUnknown, match="1 of 2 parts"):
        send(sending, replace(DRAFT, text="字" * (TEXT_LIMIT + 1)))


def test_nobody_listens(server: TelegramServer) -> None:
    channel = channel_to(server)
    server.stop()

    with pytest.raises(ChannelDown, match="ConnectError"):
        send(channel)

    channel.close()


def test_somebody_who_blocked_the_bot_is_gone(server: TelegramServer, sending: TelegramChannel) -> None:
    server.world.block(ZHOU_USER)

    with pytest.raises(RecipientGone, match="blocked"):
        send(sending)


def test_somebody_who_never_wrote_is_out_of_reach(server: TelegramServer) -> None:
    channel = channel_to(server)

    with pytest.raises(RecipientGone, match="not found"):
        send(channel)

    channel.close()


def test_a_text_for_somebody_without_telegram_goes_nowhere(server: TelegramServer, sending: TelegramChannel) -> None:
    with pytest.raises(RecipientGone, match="customer:C000002"):
        send(sending, replace(DRAFT, to=Party(Role.CUSTOMER, "C000002"), purpose=Purpose.REPLY))

    assert server.world.sent == []


def test_a_wrong_token_is_told_without_the_token(server: TelegramServer) -> None:
    channel = TelegramChannel(TOKEN + "x", server.api_base, PEOPLE)

    with pytest.raises(ChannelDown, match="PEIBAN_TELEGRAM_TOKEN") as caught:
        send(channel)

    assert TOKEN not in str(caught.value)
    channel.close()


def test_too_many_at_once_wait_their_turn_or_are_put_off(server: TelegramServer) -> None:
    server.world.say(ZHOU_USER, "/start")
    brisk, sluggish = channel_to(server, per_chat="2 per second"), channel_to(server, per_chat="1 per minute")

    for _ in range(3):
        send(brisk)
    send(sluggish)
    with pytest.raises(ChannelDown) as caught:
        send(sluggish)

    assert caught.value.retry_after_s > 10
    assert len(server.world.sent) == 4
    brisk.close()
    sluggish.close()


def test_a_closed_line_sends_nothing(server: TelegramServer) -> None:
    channel = channel_to(server)
    channel.close()
    channel.close()

    with pytest.raises(ChannelDown):
        send(channel)


def test_a_reply_of_uncertain_fate_goes_to_a_person_and_never_out_again(server: TelegramServer, open_line: Opener) -> None:
    line = open_line()
    server.faults.add("sendmessage", Fault.DROP_AFTER)

    server.world.say(ZHOU_USER, "待接")
    assert server.world.wait(lambda: bool(server.world.sent))
    server.world.say(ZHOU_USER, "我的客户名单")
    assert server.world.wait(lambda: len(server.world.sent) == 2)
    line.app.mover.stop()
    line.app.door.recover(at=MORNING)
    line.app.door.drain(clock=line.app.clock)

    assert len(server.world.sent) == 2
    assert len(line.rows("unknown")) == 1
    with line.app.store.reading() as records:
        assert [task.kind for task in records.tasks.listed(kind="delivery")] == ["delivery"]


CHILD = """
import sys
from pathlib import Path
from bot.app import build
from config.settings import Settings
from domain.message import Inbound
from domain.party import Party
data, base, token = sys.argv[1:]
settings = Settings(data=Path(data), sandbox=True, telegram_token=token, telegram_api_base=base, telegram_people={"1001": "rm:S0003"})
app = build(settings)
app.converse(Inbound(channel="telegram", message_id="1", sender=Party.parse("rm:S0003"), text="待接", received_at=app.clock()))
"""


def test_a_process_killed_between_sending_and_hearing_back_never_sends_twice(
    server: TelegramServer, bank_template: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    shutil.copytree(bank_template, data)
    server.world.say(ZHOU_USER, "/start")
    server.faults.add("sendmessage", Fault.SLOW)
    child = subprocess.Popen([sys.executable, "-c", CHILD, str(data), server.api_base, TOKEN])

    assert server.world.wait(lambda: len(server.world.sent) == 1, 60)
    child.kill()
    child.wait()
    server.faults.let_go()
    settings = Settings(data=data, sandbox=True, telegram_token=TOKEN, telegram_api_base=server.api_base, telegram_people=PEOPLE)
    with build(settings) as app:
        app.mover.start()
        with app.store.reading() as records:
            unknown = records.outbox.by_status("unknown")
        app.door.drain(clock=app.clock)

    assert len(unknown) == 1
    assert len(server.world.sent) == 1


def test_the_library_is_imported_only_with_a_token() -> None:
    code = "import sys, bot.app; from config.settings import Settings; from bot.channels.telegram import telegram_channel as made; "
    code += "assert made(Settings()) is None; sys.exit('telegram' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_settings_make_the_channel(server: TelegramServer) -> None:
    server.world.say(ZHOU_USER, "/start")
    channel = telegram_channel(Settings(telegram_token=TOKEN, telegram_api_base=server.api_base + "/", telegram_people=PEOPLE))
    assert channel is not None

    send(channel)

    assert len(server.world.sent) == 1
    channel.close()
