"""What an answer of Telegram, or of something in between, proves about a message."""

import pytest
from telegram.error import TelegramError

from bot.channels.telegram.faults import check_answer, judge
from domain.errors import ChannelDown, DeliveryUnknown, PeibanError

OK = b'{"ok": true, "result": {}}'
NO = b'{"ok": false, "error_code": 0, "description": "x"}'


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409])
def test_a_refusal_of_the_bot_api_is_left_to_the_library(status: int) -> None:
    check_answer(status, NO)


def test_a_good_answer_passes() -> None:
    check_answer(200, OK)


@pytest.mark.parametrize(
    ("status", "payload", "meaning"),
    [
        (429, NO, ChannelDown),
        (500, NO, ChannelDown),
        (503, NO, ChannelDown),
        (403, b"<html>a proxy</html>", ChannelDown),
        (502, NO, DeliveryUnknown),
        (504, NO, DeliveryUnknown),
        (500, b"", DeliveryUnknown),
        (200, b"", DeliveryUnknown),
        (200, b'{"ok": true}', DeliveryUnknown),
        (200, NO, DeliveryUnknown),
        (200, b"[1]", DeliveryUnknown),
        (302, b"<html>", DeliveryUnknown),
    ],
)
def test_only_a_no_of_its_own_proves_that_nothing_was_done(status: int, payload: bytes, meaning: type[PeibanError]) -> None:
    with pytest.raises(TelegramError) as caught:
        check_answer(status, payload)

    assert type(judge(caught.value)) is meaning


def test_what_is_not_known_to_have_failed_may_have_arrived() -> None:
    assert type(judge(TelegramError("whatever"))) is DeliveryUnknown
