"""A text becomes messages that WeCom takes, and none of it is lost without a word."""

from datetime import UTC, datetime

import pytest

from bot.channels.wecom.kf.channel import msgid_of
from bot.channels.wecom.kf.names import address_of, conversation_of
from bot.channels.wecom.kf.parts import parts_of
from compliance.catalogue import Catalogue
from compliance.gate import review
from compliance.rule import Context
from domain.message import Approved, Button, Draft, Link, Purpose
from domain.party import Party, Role

AT = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)


def approved(text: str, *buttons: Button, links: tuple[Link, ...] = ()) -> Approved:
    draft = Draft(text=text, to=Party(Role.CUSTOMER, "C000001"), purpose=Purpose.REPLY, buttons=buttons, links=links)
    verdict = review(draft, Context(at=AT, channel="kf", catalogue=Catalogue.of(())), ())
    assert isinstance(verdict, Approved)
    return verdict


def content(part: dict[str, object]) -> str:
    body = part[str(part["msgtype"])]
    assert isinstance(body, dict)
    return str(body.get("content") or body.get("head_content"))


def test_a_short_text_is_one_message() -> None:
    assert parts_of(approved("您好"), most=5) == [{"msgtype": "text", "text": {"content": "您好"}}]


def test_choices_are_a_menu_whose_items_come_back_as_their_payload() -> None:
    (part,) = parts_of(approved("要我请人吗？", Button(label="找人", payload="人工"), Button(label="不用", payload="2")), most=5)
    assert part["msgtype"] == "msgmenu"
    assert [(item["click"]["id"], item["click"]["content"]) for item in part["msgmenu"]["list"]] == [("p:人工", "找人"), ("p:2", "不用")]


def test_more_than_ten_choices_or_too_long_ones_are_not_sent_as_items() -> None:
    many = [Button(label=f"选{number}", payload=str(number)) for number in range(13)]
    (part,) = parts_of(approved("请选", *many), most=5)
    assert len(part["msgmenu"]["list"]) == 10
    parts = parts_of(approved("请选", Button(label="长" * 60, payload="x")), most=5)
    assert "长" * 60 in content(parts[0])


@pytest.mark.parametrize("most", [1, 2, 5])
@pytest.mark.parametrize("buttons", [(), (Button(label="找人", payload="人工"),)])
@pytest.mark.parametrize("size", [10, 340, 341, 342, 682, 683, 684, 1500, 5000])
def test_long_texts_fit_the_window_and_every_message_its_limit(size: int, buttons: tuple[Button, ...], most: int) -> None:
    text = "".join(f"第{number}句话。" for number in range(size // 5)) or "好"
    parts = parts_of(approved(text, *buttons), most=most)
    assert 1 <= len(parts) <= most
    for part in parts:
        assert len(content(part).encode()) <= (1024 if part["msgtype"] == "msgmenu" else 2048)
    joined = "".join(content(part) for part in parts)
    assert joined == text or joined.endswith("（篇幅所限，后面的内容请回复“人工”，由同事发给您）")
    assert text.startswith(joined.split("……（")[0])


def test_no_character_is_torn() -> None:
    parts = parts_of(approved("😀" * 2000), most=3)
    assert all("\ufffd" not in content(part) for part in parts)


def test_ids_of_messages_are_such_as_wecom_takes_and_differ() -> None:
    keys = ["in-12-1", "in-12-2", "touch/清明/C000001/2026", "in-12-1-safe", "x" * 80]
    ids = [msgid_of(key, number) for key in keys for number in range(3)]
    assert len(set(ids)) == len(ids)
    assert all(len(one) <= 32 and one.replace("-", "").replace("_", "").isalnum() and one.isascii() for one in ids)
    assert msgid_of("in-12-1", 0) == "in-12-1"


def test_a_conversation_names_its_account_and_customer() -> None:
    assert address_of(conversation_of("wkAJ2GCAAASSm4_FhToWMFea0xAFfd3Q", "wmAJ2GCAAAme1XQRC-NI-q0_ZM9ukoAw")) == (
        "wkAJ2GCAAASSm4_FhToWMFea0xAFfd3Q",
        "wmAJ2GCAAAme1XQRC-NI-q0_ZM9ukoAw",
    )
    assert address_of("web:customer:C000001") is None


PAGE = Link(label="网点查询", url="https://www.bank.example/branches")


def test_a_link_is_an_item_that_opens_its_page_above_the_choices() -> None:
    (part,) = parts_of(approved("按位置能看到最近的网点。", Button(label="展开", payload="more:x"), links=(PAGE,)), most=5)
    assert part["msgmenu"]["list"] == [
        {"type": "view", "view": {"url": PAGE.url, "content": "网点查询"}},
        {"type": "click", "click": {"id": "p:more:x", "content": "展开"}},
    ]


def test_a_link_alone_is_a_menu_too_and_its_text_keeps_to_the_head() -> None:
    parts = parts_of(approved("好" * 500, links=(PAGE,)), most=5)
    assert [part["msgtype"] for part in parts] == ["text", "msgmenu"]
    assert len(parts[-1]["msgmenu"]["head_content"].encode()) <= 1024
    assert [item["type"] for item in parts[-1]["msgmenu"]["list"]] == ["view"]


def test_a_link_that_no_item_can_carry_is_told_in_words() -> None:
    (part,) = parts_of(approved("请看", links=(Link(label="长" * 43, url=PAGE.url),)), most=5)
    assert part == {"msgtype": "text", "text": {"content": f"请看\n{'长' * 43}：{PAGE.url}"}}


def test_ten_items_are_the_most_and_links_come_first() -> None:
    many = [Button(label=f"选{number}", payload=str(number)) for number in range(10)]
    (part,) = parts_of(approved("请选", *many, links=(PAGE,)), most=5)
    assert [item["type"] for item in part["msgmenu"]["list"]] == ["view", *["click"] * 9]
