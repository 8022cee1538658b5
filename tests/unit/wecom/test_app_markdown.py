"""Lists of the app of staff as markdown: what becomes one, what stays plain, and where it is cut."""

import pytest

from bot.channels.wecom.app.markdown import LIMIT, markdown_of


def test_a_list_and_a_sheet_get_a_heading_and_bold_labels() -> None:
    assert markdown_of("2 位客户在等：\n1. 王芳（等了 3 分钟）\n2. 张伟（等了 9 分钟）\n回数字接管。") == (
        "**2 位客户在等：**\n1. 王芳（等了 3 分钟）\n2. 张伟（等了 9 分钟）\n回数字接管。",
    )
    assert markdown_of("王芳（C000012）\n年龄：41\n风险等级：R2") == ("**王芳（C000012）**\n**年龄**：41\n**风险等级**：R2",)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "现在没有客户在等。",
        "第一句。\n第二句。\n第三句。",
        "1 位客户在等：\n1. 王芳\n2. [点这里](weixin)",
        "2 位客户在等：\n1. 王芳 **急**\n2. 张伟",
        "2 位客户在等：\n1. 王芳：<a href=x>y</a>\n2. 张伟",
        "2 位客户在等：\n1. 王芳 http://a.example\n2. 张伟",
        "名单：\n1. 王芳\n2. " + "长" * 700,
    ],
)
def test_what_gains_nothing_or_could_be_taken_for_markup_stays_plain(text: str) -> None:
    assert markdown_of(text) == ()


def test_it_is_cut_between_lines() -> None:
    lines = [f"{number}. 客户{number}（等了 {number} 分钟）{'很' * 20}" for number in range(1, 90)]

    pieces = markdown_of("\n".join(["共 89 位：", *lines]))

    assert len(pieces) > 3
    assert all(len(piece.encode()) <= LIMIT for piece in pieces)
    assert "\n".join(pieces).splitlines() == ["**共 89 位：**", *lines]
