"""Lines of a transcript as a page shows them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.web import commands
from bot.web.lines import Reader, Shown, day_of
from domain.party import BOT, SYSTEM, Party, Role
from domain.ports import Line

CUSTOMER, MANAGER = Party(Role.CUSTOMER, "C000001"), Party(Role.RM, "S0003")
AT = datetime(2026, 11, 23, 16, 5, tzinfo=UTC)
TITLES = {"card-lost": "银行卡挂失补卡", "card-limit": "转账限额"}


def line(
    author: Party, text: str, *, number: int = 1, kind: str = "text", buttons: tuple[tuple[str, str], ...] = (), cards: tuple[str, ...] = ()
) -> Line:
    return Line(
        id=number, conversation_id="web:customer:C000001", at=AT, author=str(author), kind=kind, text=text, buttons=buttons, card_ids=cards
    )


def read(*lines: Line, viewer: Party = CUSTOMER) -> list[Shown]:
    return Reader(viewer, name_of=lambda party: f"某{party.role.value}", title_of=TITLES.get).read(lines)


def test_everybody_has_a_side() -> None:
    lines = (line(CUSTOMER, "在吗"), line(BOT, "在的"), line(MANAGER, "我来了"), line(SYSTEM, "人工开始：周经理", kind="mark"))
    assert [(shown["side"], shown["form"]) for shown in read(*lines)] == [
        ("me", "text"),
        ("bot", "text"),
        ("staff", "text"),
        ("bot", "mark"),
    ]
    assert [shown["side"] for shown in read(*lines, viewer=MANAGER)] == ["customer", "bot", "me", "bot"]


def test_a_pressed_button_reads_as_its_label() -> None:
    offered = line(BOT, "要我展开说吗？", buttons=(("展开", "more:card-lost"),))
    shown = read(offered, line(CUSTOMER, "more:card-lost"), line(CUSTOMER, "more:another"))
    assert [one["text"] for one in shown] == ["要我展开说吗？", "展开", "more:another"]
    assert shown[1]["raw"] == "more:card-lost"


def test_a_label_is_remembered_between_readings_and_the_latest_counts() -> None:
    reader = Reader(CUSTOMER, name_of=str, title_of=TITLES.get)
    reader.read([line(BOT, "一", buttons=(("先看这个", "more:x"),)), line(BOT, "二", buttons=(("再看这个", "more:x"),))])
    assert reader.read([line(CUSTOMER, "more:x")])[0]["text"] == "再看这个"


def test_commands_of_the_workbench_read_as_words_for_who_gave_them() -> None:
    given = line(MANAGER, commands.relay("web:customer:C000001", "您好：在的>呢"))
    assert (read(given, viewer=MANAGER)[0]["form"], read(given, viewer=MANAGER)[0]["text"]) == ("notice", "已发送：您好：在的>呢")
    assert read(line(MANAGER, commands.take_over("web:customer:C000001")), viewer=MANAGER)[0]["text"] == "接管会话"
    assert read(line(MANAGER, commands.release("web:customer:C000001")), viewer=MANAGER)[0]["text"] == "交还给助手"
    assert read(line(CUSTOMER, "release:什么意思"), viewer=MANAGER)[0]["text"] == "release:什么意思"


def test_an_answer_tells_its_card_and_choices_name_theirs_themselves() -> None:
    assert read(line(BOT, "先挂失。", cards=("card-lost",)))[0]["source"] == "银行卡挂失补卡"
    assert read(line(BOT, "转账限额是多少看卡种。", cards=("card-limit",)))[0]["source"] == "转账限额"
    assert read(line(BOT, "①银行卡挂失补卡 ②转账限额", cards=("card-lost", "card-limit")))[0]["source"] == ""
    assert read(line(BOT, "两样都说说。", cards=("card-lost", "card-limit")))[0]["source"] == "银行卡挂失补卡、转账限额"
    assert read(line(BOT, "先挂失。", cards=("card-that-nobody-may-see",)))[0]["source"] == ""


def test_times_are_the_banks() -> None:
    shown = read(line(CUSTOMER, "在吗"))[0]
    assert (shown["day"], shown["time"]) == ("11月24日 周二", "00:05")
    assert day_of(AT) == "11月24日 周二"


@pytest.mark.parametrize("kind", ["image", "voice"])
def test_a_message_without_text_is_not_empty(kind: str) -> None:
    assert read(line(CUSTOMER, "", kind=kind))[0]["text"] != ""


def test_links_stand_under_the_line_for_whoever_reads_it() -> None:
    said = replace(line(BOT, "能看到最近的网点。"), links=(("网点查询", "https://www.bank.example/branches"),))
    for viewer in (CUSTOMER, MANAGER):
        (shown,) = read(said, viewer=viewer)
        assert shown["links"] == [{"label": "网点查询", "url": "https://www.bank.example/branches"}]
        assert shown["choices"] == []
