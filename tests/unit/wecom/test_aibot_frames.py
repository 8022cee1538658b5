"""Frames of the smart robot: whatever comes over the line is read as something of ours, or passed over."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.wecom.aibot.frames import EVENT, MESSAGE, Entered, Passed, Spoken, parse, read

BODY = {"msgid": "m1", "chattype": "single", "from": {"userid": "ZhouMin"}}
PRESSED = {"event_key": "take_over:x", "task_id": "t1"}
_WORDS = (
    "msgid",
    "chattype",
    "single",
    "from",
    "userid",
    "msgtype",
    "event",
    "eventtype",
    "text",
    "content",
    "mixed",
    "msg_item",
    "ZhouMin",
)
_JSON = st.recursive(
    st.one_of(st.none(), st.integers(), st.sampled_from(_WORDS)),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.sampled_from(_WORDS), inner, max_size=4)),
    max_leaves=8,
)


def heard(cmd: str, body: Any) -> Spoken | Entered | Passed:
    one = parse(json.dumps({"cmd": cmd, "headers": {"req_id": "r1"}, "body": body}))
    assert one is not None
    return read(one)


@pytest.mark.parametrize(
    ("body", "kind", "text"),
    [
        ({"msgtype": "text", "text": {"content": "待接"}}, "text", "待接"),
        ({"msgtype": "text", "text": {"content": "半个\ud83d字"}}, "text", "半个?字"),
        ({"msgtype": "voice", "voice": {"content": "我的客户"}}, "text", "我的客户"),
        ({"msgtype": "voice"}, "voice", "[语音]"),
        ({"msgtype": "file"}, "file", "[文件]"),
        ({"msgtype": "mixed", "mixed": {"msg_item": [{"text": {"content": "看"}}, {"image": {}}]}}, "image", "看"),
        ({"msgtype": "of next year"}, "other", "[消息]"),
    ],
)
def test_a_message_is_what_was_said_or_a_word_for_it(body: dict[str, Any], kind: str, text: str) -> None:
    said = heard(MESSAGE, BODY | body)

    assert isinstance(said, Spoken)
    assert (said.kind, said.text, said.message_id, said.req_id) == (kind, text, "msg:m1", "r1")


@pytest.mark.parametrize("told", [{"template_card_event": PRESSED}, PRESSED])
def test_a_press_is_the_same_whenever_it_comes(told: dict[str, Any]) -> None:
    first, again = (heard(EVENT, BODY | {"msgid": msgid, "event": {"eventtype": "template_card_event"} | told}) for msgid in "ab")

    assert isinstance(first, Spoken)
    assert isinstance(again, Spoken)
    assert first.text == "take_over:x"
    assert first.message_id == again.message_id


@pytest.mark.parametrize("more", [{"chattype": "group"}, {"chatid": "wr1"}, {"from": {}}])
def test_groups_and_nobody_are_passed_over(more: dict[str, Any]) -> None:
    assert isinstance(heard(MESSAGE, BODY | {"msgtype": "text", "text": {"content": "待接"}} | more), Passed)


@pytest.mark.parametrize("raw", ["", "{", "\x00", b"\xff\xfe", "[" * 100_000])
def test_what_is_no_frame_is_none(raw: str | bytes) -> None:
    assert parse(raw) is None


@given(st.sampled_from((MESSAGE, EVENT)), _JSON)
def test_nothing_that_wecom_might_say_breaks_the_reading(cmd: str, body: Any) -> None:
    said = heard(cmd, body)

    if isinstance(said, Spoken):
        assert said.userid
        assert 0 < len(said.message_id) <= 210
