"""Items of kf/sync_msg, built from the tables of WeCom's page, also with fields added, missing, and of other types."""

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bot.channels.wecom.kf.messages import Answered, Happened, Said, Unreadable, read_item

BASE: dict[str, Any] = {"msgid": "m1", "open_kfid": "wk1", "external_userid": "wm1", "send_time": 1764000000, "origin": 3}

_LONG = BASE | {"msgtype": "text", "external_userid": "w" * 101}
_LONG_ID = BASE | {"msgtype": "text", "msgid": "m" * 101}

BODIES = {
    "text": ({"content": "你好"}, "text", "你好", ""),
    "image": ({"media_id": "M1"}, "image", "[图片]", "M1"),
    "voice": ({"media_id": "M2"}, "voice", "[语音]", "M2"),
    "video": ({"media_id": "M3"}, "video", "[视频]", "M3"),
    "file": ({"media_id": "M4"}, "file", "[文件]", "M4"),
    "location": ({"latitude": 31.2, "longitude": 121.5, "name": "外滩", "address": "中山东一路"}, "location", "[位置] 外滩 中山东一路", ""),
    "link": (
        {"title": "公告", "desc": "x", "url": "https://example.com/a", "pic_url": ""},
        "link",
        "[链接] 公告 https://example.com/a",
        "",
    ),
    "business_card": ({"userid": "zhangsan"}, "contact", "[名片]", ""),
    "miniprogram": ({"title": "我要投诉", "appid": "a", "pagepath": "p", "thumb_media_id": "T"}, "other", "[小程序]", ""),
    "msgmenu": ({"head_content": "请选", "list": []}, "other", "[菜单]", ""),
    "channels_shop_product": ({"product_id": "1", "title": "t", "price": "1", "shop_nickname": "s"}, "other", "[商品]", ""),
    "channels_shop_order": ({"order_id": "1"}, "other", "[订单]", ""),
    "channels": ({"sub_type": 1, "nickname": "n", "title": "t"}, "other", "[视频号]", ""),
    "merged_msg": ({"title": "聊天记录", "item": []}, "other", "[聊天记录]", ""),
    "meeting": ({}, "other", "[会议]", ""),
    "schedule": ({}, "other", "[日程]", ""),
    "note": ({}, "other", "[笔记]", ""),
    "never_heard_of": ({}, "other", "[消息]", ""),
}


@pytest.mark.parametrize("msgtype", BODIES)
def test_what_customers_send(msgtype: str) -> None:
    body, kind, text, media = BODIES[msgtype]
    read = read_item(BASE | {"msgtype": msgtype, msgtype: body, "added": {"later": 1}}, open_kfid="wk1")
    assert isinstance(read, Said)
    assert (read.msgid, read.open_kfid, read.customer, read.kind, read.text, read.media_id) == ("m1", "wk1", "wm1", kind, text, media)


def test_a_menu_item_of_ours_is_what_it_stands_for_and_another_what_it_says() -> None:
    for menu, said in (("p:人工", "人工"), ("101", "找人"), ("", "找人")):
        read = read_item(BASE | {"msgtype": "text", "text": {"content": "找人", "menu_id": menu}}, open_kfid="wk1")
        assert isinstance(read, Said)
        assert read.text == said


def test_ids_of_events_stand_inside() -> None:
    event = {"event_type": "enter_session", "open_kfid": "wk2", "external_userid": "wm2", "welcome_code": "W", "scene": "s"}
    read = read_item({"msgid": "e1", "send_time": 1764000000, "origin": 4, "msgtype": "event", "event": event}, open_kfid="wk1")
    assert isinstance(read, Happened)
    assert (read.what, read.open_kfid, read.customer, read.fields["welcome_code"]) == ("enter_session", "wk2", "wm2", "W")


def test_what_a_servicer_said() -> None:
    read = read_item(
        BASE | {"origin": 5, "servicer_userid": "lisi", "msgtype": "text", "text": {"content": "我是客户经理"}}, open_kfid="wk1"
    )
    assert isinstance(read, Answered)
    assert (read.servicer, read.text) == ("lisi", "我是客户经理")


def test_optional_fields_may_be_missing() -> None:
    item = {"msgid": "m", "external_userid": "wm", "send_time": "1764000000", "msgtype": "text", "text": {"content": "在吗"}}
    read = read_item(item, open_kfid="wk9")
    assert isinstance(read, Said)
    assert (read.open_kfid, read.text) == ("wk9", "在吗")


@pytest.mark.parametrize(
    "item",
    [None, [], "x", {}, {"msgid": "m"}, BASE | {"origin": 9}, BASE | {"msgtype": "event", "send_time": None}, _LONG, _LONG_ID],
)
def test_what_cannot_be_read_is_told_and_not_raised(item: Any) -> None:
    assert isinstance(read_item(item, open_kfid="wk1"), Unreadable)


_RUBBISH = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
_NAMES = st.sampled_from(("msgtype", "send_time", "open_kfid", "servicer_userid", "event", "text", "image", "later", "origin"))


@given(msgtype=st.sampled_from(sorted(BODIES)), fields=st.dictionaries(_NAMES, _RUBBISH, max_size=5), dropped=st.sets(_NAMES))
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_a_customer_said_is_never_lost_while_it_has_ids(msgtype: str, fields: dict[str, Any], dropped: set[str]) -> None:
    whole = BASE | {"msgtype": msgtype, msgtype: BODIES[msgtype][0]} | fields
    item = {name: whole[name] for name in reversed(whole) if name not in dropped}
    item["origin"] = 3
    assume(item.get("msgtype") != "event")
    read = read_item(item, open_kfid="wk1")
    if len(str(item.get("open_kfid", ""))) > 100:
        return
    assert isinstance(read, Said)
    assert (read.msgid, read.customer) == ("m1", "wm1")


def test_nothing_is_raised_whatever_the_types_are() -> None:
    chance = random.Random(3)
    rubbish = (None, 1, -1, 2.5, True, "", "x", [], [1], {}, {"content": 5}, {"media_id": None}, "1764000000")
    for _ in range(4000):
        item = dict(BASE) | {
            "msgtype": chance.choice([*BODIES, "event"]),
            "text": {"content": "a"},
            "event": {"event_type": "enter_session"},
        }
        for name in chance.sample(sorted(item), chance.randrange(1, 4)):
            item[name] = chance.choice(rubbish)
        read_item(item, open_kfid="wk1")
