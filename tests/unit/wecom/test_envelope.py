"""Callbacks are opened as WeCom seals them, and nothing else is. The vectors are those of WeCom's own pages."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from bot.channels.wecom.envelope import Envelope, fields_of, sealed_of
from domain.errors import BadInput, BadSettings, BadSignature

TOKEN, CORP = "QDG6eK", "wx5823bf96d3bd56c7"
KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
ENVELOPE = Envelope(token=TOKEN, aes_key=KEY, receiver=CORP)

ECHO = "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="
ECHO_QUERY = {"signature": "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3", "timestamp": "1409659589", "nonce": "263014780"}
MESSAGE = (
    "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt6"
    "6wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqC"
    "KIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVK"
    "n28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q=="
)
MESSAGE_QUERY = {"signature": "477715d11cdb4164915debcba66cb864d751f3e6", "timestamp": "1409659813", "nonce": "1372623149"}


def _when(query: dict[str, str], late_s: int = 0) -> datetime:
    return datetime.fromtimestamp(int(query["timestamp"]), UTC) + timedelta(seconds=late_s)


def test_the_vector_of_the_address_check() -> None:
    assert ENVELOPE.open(ECHO, **ECHO_QUERY, at=_when(ECHO_QUERY)) == "1616140317555161061"


def test_the_vector_of_a_message() -> None:
    fields = fields_of(ENVELOPE.open(MESSAGE, **MESSAGE_QUERY, at=_when(MESSAGE_QUERY)))
    assert (fields["Content"], fields["MsgId"], fields["AgentID"]) == ("hello", "4561255354251345929", "218")


@pytest.mark.parametrize("late_s", [-301, 301])
def test_a_stale_call_is_refused(late_s: int) -> None:
    with pytest.raises(BadSignature, match="stale"):
        ENVELOPE.open(MESSAGE, **MESSAGE_QUERY, at=_when(MESSAGE_QUERY, late_s))


@pytest.mark.parametrize("stamp", ["", "-1", "1e9", "²", "9" * 10, "9" * 11, "9" * 12, "9" * 400])
def test_a_time_that_is_none_is_refused_though_it_is_signed(stamp: str) -> None:
    signature = ENVELOPE.sign(MESSAGE, timestamp=stamp, nonce="1")
    with pytest.raises(BadSignature, match=r"not a number|stale"):
        ENVELOPE.open(MESSAGE, signature=signature, timestamp=stamp, nonce="1", at=_when(MESSAGE_QUERY))


def test_every_changed_part_is_refused() -> None:
    at = _when(MESSAGE_QUERY)
    for name, value in MESSAGE_QUERY.items():
        wrong = MESSAGE_QUERY | {name: value[:-1] + ("0" if value[-1] != "0" else "1")}
        with pytest.raises(BadSignature):
            ENVELOPE.open(MESSAGE, **wrong, at=at)
    with pytest.raises(BadSignature):
        ENVELOPE.open(MESSAGE[:-8] + "AAAAAA==", **MESSAGE_QUERY, at=at)


def test_another_corp_is_refused() -> None:
    other = Envelope(token=TOKEN, aes_key=KEY, receiver="wx0000000000000000")
    with pytest.raises(BadSignature, match="another corp"):
        other.open(MESSAGE, **MESSAGE_QUERY, at=_when(MESSAGE_QUERY))


@pytest.mark.parametrize("text", ["", "a", "陪伴", "]]>", "x" * 5000, "换行\n和 空白 "])
def test_what_is_sealed_is_opened(text: str) -> None:
    sealed = ENVELOPE.seal(text)
    at = datetime(2026, 11, 25, tzinfo=UTC)
    stamp = str(int(at.timestamp()))
    assert ENVELOPE.open(sealed, signature=ENVELOPE.sign(sealed, timestamp=stamp, nonce="n"), timestamp=stamp, nonce="n", at=at) == text


@pytest.mark.parametrize("key", ["", "short", KEY + "a", KEY[:-1] + "="])
def test_a_key_that_wecom_never_shows_is_refused(key: str) -> None:
    with pytest.raises(BadSettings, match="43"):
        Envelope(token=TOKEN, aes_key=key, receiver=CORP)


def test_sealed_rubbish_with_a_right_signature_is_bad_input() -> None:
    chance = random.Random(7)
    at = datetime(2026, 11, 25, tzinfo=UTC)
    stamp = str(int(at.timestamp()))
    for _ in range(3000):
        letters = "ABCDabcd0123+/=<&%"
        sealed = "".join(chance.choice(letters) for _ in range(chance.randrange(90)))
        with pytest.raises((BadInput, BadSignature)):
            ENVELOPE.open(sealed, signature=ENVELOPE.sign(sealed, timestamp=stamp, nonce="1"), timestamp=stamp, nonce="1", at=at)


def test_bodies_that_are_no_callback() -> None:
    chance = random.Random(8)
    whole = f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><Encrypt><![CDATA[{ECHO}]]></Encrypt></xml>".encode()
    assert sealed_of(whole) == ECHO
    refused = 0
    for _ in range(3000):
        body = bytearray(whole)
        for _ in range(chance.randrange(1, 6)):
            match chance.randrange(3):
                case 0:
                    body[chance.randrange(len(body))] = chance.randrange(256)
                case 1:
                    del body[chance.randrange(len(body)) :]
                case _:
                    body += bytes(chance.randrange(256) for _ in range(chance.randrange(20)))
            if not body:
                break
        try:
            assert isinstance(sealed_of(bytes(body)), str)
        except BadInput:
            refused += 1
    assert refused > 1000


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"<xml/>",
        b"<xml><Encrypt/></xml>",
        b"<xml>" * 100_000,
        b'<!DOCTYPE x [<!ENTITY a "b">]><xml><Encrypt>&a;</Encrypt></xml>',
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><xml><Encrypt>&a;</Encrypt></xml>',
    ],
)
def test_one_kind_of_error_for_every_bad_body(body: bytes) -> None:
    with pytest.raises(BadInput):
        sealed_of(body)


def test_fields_may_be_added_reordered_and_doubled() -> None:
    document = "<xml><New><Deep>1</Deep></New><Event>b</Event><OpenKfId> wk1 </OpenKfId><Event>c</Event><Empty/></xml>"
    assert fields_of(document) == {"New": "", "Event": "b", "OpenKfId": "wk1", "Empty": ""}
