"""What members of staff read: texts that WeCom takes whole, and cards within their limits."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.wecom.app.parts import Part, parts_of
from bot.channels.wecom.cutting import pieces
from compliance.catalogue import Catalogue
from compliance.gate import review
from compliance.rule import Context
from domain.message import Approved, Button, Draft, Link, Purpose
from domain.party import Party, Role

AT = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
TWO = (Button(label="待接", payload="waiting:"), Button(label="我的待办", payload="my_tasks:"))


def parts(text: str, *buttons: Button, links: tuple[Link, ...] = (), **given: Any) -> tuple[Part, ...]:
    draft = Draft(text=text, to=Party(Role.RM, "S0003"), purpose=Purpose.INTERNAL, buttons=buttons, links=links)
    verdict = review(draft, Context(at=AT, channel="wecom", catalogue=Catalogue.of(())), ())
    assert isinstance(verdict, Approved)
    return parts_of(verdict, task_id="t1", **given)


def test_a_text_is_one_message() -> None:
    assert parts("现在没有客户在等。") == ({"msgtype": "text", "text": {"content": "现在没有客户在等。"}},)


def test_a_short_text_with_choices_is_a_card() -> None:
    (part,) = parts("张伟 请求人工（改手机号）。", *TWO)
    assert part == {
        "msgtype": "template_card",
        "template_card": {
            "card_type": "button_interaction",
            "main_title": {"title": "张伟 请求人工（改手机号）。"},
            "button_list": [
                {"type": 0, "text": "待接", "style": 1, "key": "waiting:"},
                {"type": 0, "text": "我的待办", "style": 1, "key": "my_tasks:"},
            ],
            "task_id": "t1",
        },
    }


@pytest.mark.parametrize(
    ("text", "title", "subtitle"),
    [
        ("要接吗？\n" + "他等了十分钟。" * 16, "要接吗？", "他等了十分钟。" * 16),
        ("他等了十分钟。" * 16, "请选择", "他等了十分钟。" * 16),
    ],
)
def test_a_longer_one_fills_the_card(text: str, title: str, subtitle: str) -> None:
    (part,) = parts(text, *TWO)
    assert (part["template_card"]["main_title"]["title"], part["template_card"]["sub_title_text"]) == (title, subtitle)


@pytest.mark.parametrize("text", ["字" * 113, "题\n" + "字" * 113, "题\n一行\n又一行", "字" * 27 + "\n一行"])
def test_what_a_card_cannot_say_goes_before_it(text: str) -> None:
    *texts, card = parts(text, *TWO)
    assert "".join(one["text"]["content"] for one in texts) == text
    assert "sub_title_text" not in card["template_card"]


@pytest.mark.parametrize(
    "buttons",
    [
        tuple(Button(label=f"第{n}位", payload=f"p{n}") for n in range(1, 8)),
        (Button(label="十一个字的标签放不下", payload="a"), Button(label="这个标签一共有十一个字", payload="b")),
        (Button(label="长", payload="字" * 342),),
        (Button(label="甲", payload="same"), Button(label="乙", payload="same")),
        (Button(label="空", payload=""),),
    ],
)
def test_choices_that_no_card_carries_are_told_with_their_numbers(buttons: tuple[Button, ...]) -> None:
    (part,) = parts("接哪一位？", *buttons)
    assert part["text"]["content"] == "\n".join(("接哪一位？", *(f"{n}. {one.label}" for n, one in enumerate(buttons, start=1))))


def test_a_list_that_numbers_itself_is_not_told_twice() -> None:
    people = [Button(label=f"客户{n}", payload=f"p{n}") for n in range(1, 9)]
    text = "\n".join(("共 8 位", *(f"{n}. 客户{n}" for n in range(1, 9))))
    (part,) = parts(text, *people, Button(label="下一页", payload="next"))
    assert part["text"]["content"] == f"{text}\n9. 下一页"


def test_a_figure_at_the_start_of_a_line_is_no_number_of_a_choice() -> None:
    (part,) = parts("2.15% 是业绩比较基准", *(Button(label=f"第{n}项", payload=f"p{n}") for n in range(1, 8)))
    assert "2. 第2项" in part["text"]["content"]


@given(st.text(alphabet="字a😀。\n ", max_size=3000))
def test_nothing_is_lost_and_every_piece_fits(text: str) -> None:
    cut = pieces(text, 2048)
    assert all(0 < len(piece.encode()) <= 2048 for piece in cut)
    assert "".join("".join(cut).split()) == "".join(text.split())


def test_a_text_is_cut_at_the_end_of_a_sentence() -> None:
    first, *_ = pieces("这是一句完整的话。" * 100, 2048)
    assert first.endswith("。")


PAGE = Link(label="网点查询", url="https://www.bank.example/branches")


def test_links_stand_on_the_card_before_what_answers() -> None:
    (part,) = parts("按位置能看到最近的网点。", *TWO, links=(PAGE,))
    assert part["template_card"]["button_list"] == [
        {"type": 1, "text": "网点查询", "style": 1, "url": PAGE.url},
        {"type": 0, "text": "待接", "style": 1, "key": "waiting:"},
        {"type": 0, "text": "我的待办", "style": 1, "key": "my_tasks:"},
    ]


@pytest.mark.parametrize(
    ("given", "line"),
    [({}, f'<a href="{PAGE.url}">网点查询</a>'), ({"tags": False}, f"网点查询：{PAGE.url}")],
)
def test_a_text_without_choices_carries_its_link_below(given: dict[str, Any], line: str) -> None:
    assert parts("看这里。", links=(PAGE,), **given) == ({"msgtype": "text", "text": {"content": f"看这里。\n{line}"}},)


def test_more_than_a_card_holds_is_told_in_words_with_the_link_below() -> None:
    many = [Button(label=f"选{number}", payload=str(number)) for number in range(6)]
    (part,) = parts("请选", *many, links=(PAGE,))
    assert part["text"]["content"].endswith(f'6. 选5\n<a href="{PAGE.url}">网点查询</a>')


def test_in_markdown_the_link_is_markdown() -> None:
    (part,) = parts("待接两位：\n1. 张伟\n2. 王芳", links=(PAGE,), markdown=True)
    assert part["markdown"]["content"].endswith(f"\n[网点查询]({PAGE.url})")


def test_a_label_with_signs_of_markup_is_told_in_words() -> None:
    (part,) = parts("看这里。", links=(Link(label="<b>网点", url=PAGE.url),))
    assert part["text"]["content"] == f"看这里。\n<b>网点：{PAGE.url}"


@pytest.mark.parametrize("size", [600, 670, 682, 2000])
def test_a_link_below_a_long_text_is_never_cut(size: int) -> None:
    url = f"https://www.bank.example/{'a' * 990}"
    found = parts("好" * size, links=(Link(label="网点查询", url=url),))
    assert all(len(one["text"]["content"].encode()) <= 2048 for one in found)
    assert found[-1]["text"]["content"].endswith(f'<a href="{url}">网点查询</a>')
    assert "".join(one["text"]["content"] for one in found).count("好") == size
