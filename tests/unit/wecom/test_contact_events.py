"""What a callback of contacts is read as, and what somebody who was just added reads."""

from datetime import UTC, date, datetime

import pytest

from bot.channels.wecom.contacts.events import read_event
from bot.channels.wecom.contacts.names import address_of, conversation_of
from bot.channels.wecom.contacts.welcome import welcome_text
from bot.channels.wecom.kf.names import conversation_of as kf_conversation_of
from domain.book import StaffMember
from domain.dealings import Entitlement
from domain.party import Role

ADDED = {
    "ToUserName": "ww1",
    "FromUserName": "sys",
    "CreateTime": "1764122400",
    "MsgType": "event",
    "Event": "change_external_contact",
    "ChangeType": "add_external_contact",
    "UserID": "ZhouMin",
    "ExternalUserID": "wmA",
    "State": "qr-S0003",
    "WelcomeCode": "CODE",
}
MEMBER = StaffMember(id="S0003", name="周敏", role=Role.RM, branch_id="B1", phone="021-55550001")
BENEFIT = Entitlement(
    id="E1", customer_id="C1", kind="voucher", name="首笔转账免手续费", granted_on=date(2026, 11, 1), expires_on=date(2027, 2, 1)
)


def test_three_calls_are_one_event_and_another_second_is_another() -> None:
    first, second = read_event(ADDED), read_event(dict(reversed(ADDED.items())) | {"AgentID": "7"})
    other, removed = read_event(ADDED | {"CreateTime": "1764122401"}), read_event(ADDED | {"ChangeType": "del_follow_user"})
    assert first is not None
    assert second is not None
    assert other is not None
    assert removed is not None
    assert first == second
    assert first.fields == {"State": "qr-S0003", "WelcomeCode": "CODE"}
    assert first.happened_at == datetime.fromtimestamp(1764122400, UTC)
    assert len({first.digest, other.digest, removed.digest}) == 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"Event": "kf_msg_or_event"},
        {"UserID": ""},
        {"ExternalUserID": "w" * 101},
        {"CreateTime": "soon"},
        {"CreateTime": "9" * 30},
        {"ChangeType": ""},
    ],
)
def test_what_is_no_event_of_contacts_is_none(wrong: dict[str, str]) -> None:
    assert read_event(ADDED | wrong) is None


def test_two_tags_of_one_second_are_two_events() -> None:
    tag = {"FromUserName": "sys", "CreateTime": "1764122400", "Event": "change_external_tag", "ChangeType": "create", "TagType": "tag"}
    first, second = read_event(tag | {"Id": "et1"}), read_event(tag | {"Id": "et2"})
    assert first is not None
    assert second is not None
    assert first.change == "tag_create"
    assert first.digest != second.digest


def test_the_conversation_names_both() -> None:
    assert address_of(conversation_of("ZhouMin", "wmA")) == ("ZhouMin", "wmA")
    assert address_of(kf_conversation_of("wk1", "wmA")) is None


def test_the_welcome_is_short_and_says_what_it_knows() -> None:
    whole = welcome_text(MEMBER, BENEFIT)
    assert all(part in whole for part in ("周敏", "021-55550001", "首笔转账免手续费", "有效到 1 月 31 日", "智能助手"))
    assert len(whole) < 200
    unknown = welcome_text(None, None)
    assert "None" not in unknown
    assert "打" not in unknown
