"""What a page sends is not trusted."""

import pytest

from bot.inbound_text import MAX_TEXT
from bot.web.sending import Said, said

ID = "0123456789abcdef" * 2


def test_a_message_is_read() -> None:
    assert said({"id": ID, "text": " 在吗 ", "place": "web:customer:C000001"}) == Said(id=ID, text="在吗", place="web:customer:C000001")


def test_a_long_one_is_clipped() -> None:
    message = said({"id": ID, "text": "好" * 100_000, "place": ""})
    assert message is not None
    assert len(message.text) == MAX_TEXT


@pytest.mark.parametrize(
    "body",
    [
        None,
        "在吗",
        [],
        {},
        {"id": ID, "text": "在吗"},
        {"id": ID, "text": "", "place": ""},
        {"id": ID, "text": " \n", "place": ""},
        {"id": ID, "text": 7, "place": ""},
        {"id": "short", "text": "在吗", "place": ""},
        {"id": ID + "/" + ID, "text": "在吗", "place": ""},
        {"id": 7, "text": "在吗", "place": ""},
    ],
)
def test_what_no_page_of_ours_sends_is_dropped(body: object) -> None:
    assert said(body) is None
