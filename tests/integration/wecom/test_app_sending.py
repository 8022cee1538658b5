"""What leaves by the app, how fast, and what a failure means: not delivered, perhaps delivered, out of reach."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from bot.channels.wecom.app.channel import AppChannel
from bot.channels.wecom.app.members import Members
from bot.channels.wecom.client import WeComClient
from bot.channels.wecom.people import WeComPeople
from compliance.gate import review
from compliance.rule import Context
from domain.errors import ChannelDown, DeliveryUnknown, RecipientGone
from domain.message import Approved, Button, Draft, Purpose
from domain.party import Party, Role
from domain.ports import Store
from tests.conftest import MORNING, MovableClock
from tests.integration.wecom.app_rig import AGENT, PEOPLE, ZHOU, AppServer, buttons, shown
from tests.integration.wecom.conftest import Office, until
from tests.integration.wecom.kf_rig import CORP

pytestmark = pytest.mark.slow

DRAFT = Draft(text="现在没有客户在等。", to=Party(Role.RM, "S0003"), purpose=Purpose.INTERNAL)
CARD = replace(DRAFT, text="接哪一位？", buttons=(Button(label="接张伟", payload="take_over:web:customer:C000002"),))
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40


def send(channel: AppChannel, draft: Draft = DRAFT, *, key: str = "k", again: bool = False) -> str:
    verdict = review(draft, Context(at=MORNING, channel="wecom"), ())
    assert isinstance(verdict, Approved)
    return channel.send(verdict, key=key, conversation_id="wecom:rm:S0003", again=again).reference


def channel_to(
    server: AppServer, store: Store, *, per_member: str = "500 per minute", clock: Callable[[], datetime] | None = None
) -> AppChannel:
    at = clock or MovableClock(MORNING)
    client = WeComClient(store, api_base=server.base, corp_id=CORP, secret="appsecret", clock=at, timeout_s=2.0)
    return AppChannel(store, client, Members(store, WeComPeople(PEOPLE)), at, corp_id=CORP, agent_id=AGENT, per_member=per_member)


@pytest.fixture
def channel(office: Office) -> AppChannel:
    """The sending half alone."""
    office.app.mover.stop()
    return channel_to(office.server, office.app.store)


def test_a_text_goes_to_the_one_member(wecom: AppServer, channel: AppChannel) -> None:
    assert send(channel) == "M1"
    assert wecom.sent == [{"touser": ZHOU, "agentid": AGENT, "msgtype": "text", "text": {"content": "现在没有客户在等。"}}]


def test_the_same_words_said_again_are_heard_again(wecom: AppServer, channel: AppChannel) -> None:
    send(channel, key="k1")
    send(channel, key="k2")
    assert len(wecom.sent) == 2
    assert all("enable_duplicate_check" not in body for body in wecom.sent)


def test_a_card_goes_once_under_its_key(wecom: AppServer, channel: AppChannel) -> None:
    send(channel, CARD, key="k1")
    send(channel, CARD, key="k1", again=True)
    send(channel, CARD, key="k2")
    first, second = wecom.sent
    assert buttons(first) == {"接张伟": "take_over:web:customer:C000002"}
    assert (first["enable_duplicate_check"], first["duplicate_check_interval"]) == (1, 14400)
    assert first["template_card"]["task_id"] != second["template_card"]["task_id"]
    assert wecom.calls["message/send"] == 3


def test_a_database_that_begins_anew_has_cards_of_its_own(wecom: AppServer, office: Office) -> None:
    store, later = office.app.store, MovableClock(MORNING.replace(hour=11))
    send(channel_to(wecom, store), CARD)
    with office.app.database.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM channel_cursors")
    send(channel_to(wecom, store, clock=later), CARD)
    assert len(wecom.sent) == 2


def test_a_long_text_comes_whole_in_parts(wecom: AppServer, channel: AppChannel) -> None:
    text = "这是一句完整的话。" * 300
    send(channel, replace(DRAFT, text=text))
    assert shown(*wecom.sent).replace("\n", "") == text
    assert len(wecom.sent) == 4


def test_what_stops_after_the_first_part_is_not_said_again(wecom: AppServer, channel: AppChannel) -> None:
    long = replace(DRAFT, text="这是一句完整的话。" * 300)
    real, wecom_faults = wecom.answer, iter([0, 45009])

    def answer(path: str, query: dict[str, str], body: bytes) -> dict[str, object]:
        code = next(wecom_faults, 0) if path == "message/send" else 0
        return {"errcode": code} if code else real(path, query, body)

    wecom.answer = answer  # type: ignore[method-assign]  the server fails in the middle
    with pytest.raises(DeliveryUnknown, match="1 parts arrived"):
        send(channel, long)


@pytest.mark.parametrize("code", [81013, 60111, 40003, 44004])
def test_a_member_who_cannot_be_reached_is_gone(wecom: AppServer, channel: AppChannel, code: int) -> None:
    wecom.fault("message/send", code)
    with pytest.raises(RecipientGone, match=str(code)):
        send(channel)


def test_a_member_whom_wecom_does_not_know_is_gone(wecom: AppServer, channel: AppChannel) -> None:
    wecom.members.clear()
    with pytest.raises(RecipientGone):
        send(channel)


@pytest.mark.parametrize("to", [Party(Role.CUSTOMER, "C000002"), Party(Role.RM, "S0005")])
def test_nobody_else_gets_what_was_meant_for_a_person(wecom: AppServer, channel: AppChannel, to: Party) -> None:
    with pytest.raises(RecipientGone, match="PEIBAN_WECOM_PEOPLE"):
        send(channel, replace(DRAFT, to=to, purpose=Purpose.INTERNAL if to.role.is_staff else Purpose.REPLY))
    assert wecom.calls["message/send"] == 0


def test_a_busy_wecom_is_asked_again(wecom: AppServer, channel: AppChannel) -> None:
    wecom.fault("message/send", -1, times=2)
    send(channel)
    assert len(wecom.sent) == 1


@pytest.mark.parametrize(("code", "wait"), [(45009, 60.0), (45033, 2.0), (60020, 20.0), (48002, 20.0)])
def test_a_wecom_that_does_not_take_it_now_gets_it_later(wecom: AppServer, channel: AppChannel, code: int, wait: float) -> None:
    wecom.fault("message/send", code)
    with pytest.raises(ChannelDown) as caught:
        send(channel)
    assert caught.value.retry_after_s == wait


def test_a_token_that_wecom_ended_early_is_renewed_once(wecom: AppServer, channel: AppChannel) -> None:
    send(channel)
    wecom.expire_token()
    send(channel, key="k2")
    assert len(wecom.sent) == 2
    assert wecom.calls["gettoken"] == 2


def test_an_answer_that_never_came_leaves_the_fate_open(wecom: AppServer, channel: AppChannel) -> None:
    wecom.drop_after_accept = 1
    with pytest.raises(DeliveryUnknown):
        send(channel)


def test_no_member_gets_more_than_wecom_lets_through(wecom: AppServer, office: Office) -> None:
    channel = channel_to(wecom, office.app.store, per_member="3 per minute")
    other = replace(DRAFT, to=Party(Role.RM, "S0004"))
    for number in range(3):
        send(channel, key=f"k{number}")
    send(channel, other)
    with pytest.raises(ChannelDown) as caught:
        send(channel, key="k9")
    assert 40 < caught.value.retry_after_s <= 60
    with pytest.raises(ChannelDown):
        send(channel, replace(other, text="这是一句完整的话。" * 300))  # four parts and two turns: none of them goes
    assert len(wecom.sent) == 4


def test_the_pace_in_force_is_below_thirty_a_minute(wecom: AppServer, office: Office) -> None:
    office.app.mover.stop()
    for number in range(28):
        send(office.channel, key=f"k{number}")
    with pytest.raises(ChannelDown):
        send(office.channel)
    assert len(wecom.sent) == 28


def test_a_picture_is_uploaded_once_and_again_when_wecom_has_forgotten_it(wecom: AppServer, office: Office, tmp_path: Path) -> None:
    office.app.mover.stop()
    clock = MovableClock(MORNING)
    picture = tmp_path / "p.png"
    picture.write_bytes(PNG)
    draft = replace(DRAFT, image=str(picture))
    for number in range(2):
        send(channel_to(wecom, office.app.store, clock=clock), draft, key=f"k{number}")
    assert [body["msgtype"] for body in wecom.sent] == ["image", "text"] * 2
    assert len(wecom.uploads) == 1
    assert PNG in wecom.uploads[0]
    assert b'.png"' in wecom.uploads[0]

    wecom.media.clear()
    send(channel_to(wecom, office.app.store, clock=clock), draft, key="k3")
    assert len(wecom.uploads) == 2

    clock.at = MORNING.replace(day=27)
    send(channel_to(wecom, office.app.store, clock=clock), draft, key="k4")
    assert len(wecom.uploads) == 3
    assert len(wecom.sent) == 8


@pytest.mark.parametrize("content", [None, b"GIF89a" + b"\x00" * 40, b""])
def test_without_a_picture_that_wecom_takes_the_text_stands_by_itself(
    wecom: AppServer, channel: AppChannel, tmp_path: Path, content: bytes | None
) -> None:
    picture = tmp_path / "p"
    if content is not None:
        picture.write_bytes(content)
    send(channel, replace(DRAFT, image=str(picture)))
    assert [body["msgtype"] for body in wecom.sent] == ["text"]


def test_an_upload_that_fails_shows_nothing_and_is_tried_later(wecom: AppServer, channel: AppChannel, tmp_path: Path) -> None:
    picture = tmp_path / "p.png"
    picture.write_bytes(PNG)
    wecom.fault("media/upload", 45009)
    with pytest.raises(ChannelDown):
        send(channel, replace(DRAFT, image=str(picture)))
    assert wecom.sent == []


def test_a_reply_of_uncertain_fate_goes_to_a_person_and_never_out_again(office: Office) -> None:
    office.server.drop_after_accept = 1
    office.say("待接")
    until(lambda: bool(office.rows("unknown")), lambda: "the fate was not noted")
    with office.app.store.reading() as records:
        assert [task.kind for task in records.tasks.listed()] == ["delivery"]
    assert len(office.server.to(ZHOU)) == 1


def test_what_is_too_much_for_a_minute_waits_and_is_not_lost(office: Office) -> None:
    for _ in range(31):
        office.say("待接")
    until(lambda: (len(office.rows("sent")), len(office.rows("pending"))) == (28, 3), lambda: f"{len(office.server.sent)} were sent")
    assert len(office.server.to(ZHOU)) == 28
    assert office.rows("failed") == office.rows("unknown") == []
