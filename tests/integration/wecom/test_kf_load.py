"""The callback address under what it must bear: bodies that nobody should send, and many calls while nobody answers behind it."""

import random
import sys
import time
import urllib.parse
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.wecom.callers import Call, call_all, kf_event, signed
from tests.integration.wecom.kf_rig import CORP, KFID, Product, kf_server, sign, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.long(seconds=20)]

BODIES = 20_000
RATE, SECONDS = 200, 5
Report = Callable[[str], None]


@pytest.fixture
def report(capsys: pytest.CaptureFixture[str]) -> Report:
    def told(line: str) -> None:
        with capsys.disabled():
            sys.stdout.write(f"\n  {line}\n")

    return told


def changed(chance: random.Random, body: bytes) -> bytes:
    """A few changes anywhere: a byte, a piece less, a piece twice, rubbish between."""
    found = bytearray(body)
    for _ in range(chance.randrange(1, 5)):
        place = chance.randrange(len(found) + 1)
        match chance.randrange(5):
            case 0:
                found[place : place + 1] = chance.randbytes(1)
            case 1:
                del found[place : place + chance.randrange(1, 60)]
            case 2:
                found[place:place] = found[place : place + chance.randrange(1, 60)]
            case 3:
                found[place:place] = chance.randbytes(chance.randrange(1, 40))
            case _:
                del found[place:]
    return bytes(found)


CONTENTS = (
    "",
    "{}",
    "<xml/>",
    "<xml><Event>kf_msg_or_event</Event></xml>",
    f"<xml><Event>kf_msg_or_event</Event><OpenKfId> </OpenKfId><ToUserName>{CORP}</ToUserName></xml>",
    "<xml><Event>kf_account_auth_change</Event><AuthAddOpenKfId>a</AuthAddOpenKfId><AuthAddOpenKfId>b</AuthAddOpenKfId></xml>",
    f"<xml><OpenKfId><Deep>{KFID}</Deep></OpenKfId><Event>kf_msg_or_event</Event></xml>",
    '<!DOCTYPE x [<!ENTITY a "b">]><xml><Event>&a;</Event></xml>',
    "<xml>" * 500,
    "<xml><Event>" + "陪" * 20_000 + "</Event></xml>",
)
SEALED = ("", "AAAA", "=", "陪伴", "A" * 43, "A" * 5_000, "%00")
STAMPS = ("", "-1", "0", "9" * 10, "9" * 12, "9" * 40, "1e9", "１７００００００００", "\x00", "²")


def fuzzed(chance: random.Random, number: int) -> Call:
    """A call that is wrong in one of the ways of someone who knows the token, and of someone who does not."""
    good = kf_event(str(number))
    match chance.randrange(9):
        case 0:
            return Call(good.query, changed(chance, good.body))
        case 1:
            return Call("&".join(chance.sample(parts := good.query.split("&"), chance.randrange(len(parts)))), good.body)
        case 2:
            return Call(urllib.parse.quote(changed(chance, good.query.encode()), safe="=&%"), good.body)
        case 3:
            return Call(good.query, chance.randbytes(chance.randrange(400)))
        case 4:
            return signed(chance.choice(CONTENTS), str(number))
        case 5:
            content = f"<xml><Event>kf_msg_or_event</Event><OpenKfId>{KFID}</OpenKfId><Token>T</Token></xml>"
            return signed(changed(chance, content.encode()).decode("utf-8", "replace"), str(number))
        case 6:
            return restamped(good, chance.choice(STAMPS), str(number))
        case 7:
            return asked(chance, resealed(chance.choice(SEALED), str(number)))
        case _:
            return resealed(chance.choice(SEALED), str(number))


def restamped(good: Call, stamp: str, nonce: str) -> Call:
    """Signed rightly over a time that is none."""
    sealed = good.body.decode().split("<Encrypt><![CDATA[")[1].split("]]>")[0]
    return Call(urllib.parse.urlencode({"msg_signature": sign(stamp, nonce, sealed), "timestamp": stamp, "nonce": nonce}), good.body)


def resealed(sealed: str, nonce: str) -> Call:
    """Signed rightly over what nobody sealed."""
    stamp = str(int(time.time()))
    query = urllib.parse.urlencode({"msg_signature": sign(stamp, nonce, sealed), "timestamp": stamp, "nonce": nonce})
    return Call(query, f"<xml><Encrypt>{sealed}</Encrypt></xml>".encode())


def asked(chance: random.Random, call: Call) -> Call:
    """The other question of the same address: GET, with something that is no echostr."""
    sealed = call.body.decode().removeprefix("<xml><Encrypt>").removesuffix("</Encrypt></xml>")
    stamp = chance.choice((str(int(time.time())), *STAMPS))
    query = {"msg_signature": sign(stamp, "n", sealed), "timestamp": stamp, "nonce": "n", "echostr": sealed[:4_000]}
    return Call(urllib.parse.urlencode(query), b"", "GET")


def test_bodies_that_nobody_should_send(tmp_path: Path, report: Report) -> None:
    chance = random.Random(2026)
    with kf_server() as server:
        product = Product(server, tmp_path / "data")
        product.start()
        try:
            statuses: Counter[int] = Counter()
            for start in range(0, BODIES, 2_000):  # made shortly before they are sent: what is old is refused for that alone
                calls = [fuzzed(chance, number) for number in range(start, start + 2_000)]
                statuses += Counter(answer.status for answer in call_all(product.port, calls, threads=8))
            server.say("wm1", "还在吗")
            good = product.call()
            answered = wait_for(1, server)
        finally:
            code = product.stop()
    report(f"{statuses.total():,} bodies: {dict(sorted(statuses.items()))}")
    assert statuses.total() == BODIES
    assert set(statuses) == {200, 400, 403}
    assert min(statuses.values()) > BODIES / 50, "the fuzzer does not reach every depth"
    assert product.faults() == []
    assert (good, answered, code) == (200, ["R:还在吗"], 0)


def test_two_hundred_callbacks_a_second_while_the_answers_hang(tmp_path: Path, report: Report) -> None:
    with kf_server() as server:
        product = Product(server, tmp_path / "data", delay_s=30.0)
        product.start()
        try:
            assert product.call() == 200
            calls = [kf_event(str(number)) for number in range(RATE * SECONDS)]
            answers = call_all(
                product.port,
                calls,
                threads=24,
                per_second=RATE,
                before=lambda number: server.say(f"c{number % 500}", f"{number}"),
            )
            pulled = server.calls["kf/sync_msg"]
        finally:
            product.kill()
        unanswered = len(server.log) - len(server.sent)
    took = sorted(answer.took_s * 1000 for answer in answers)
    p50, p99 = took[len(took) // 2], took[len(took) * 99 // 100]
    report(f"{len(answers):,} callbacks in {SECONDS} s: p50 {p50:.1f} ms, p99 {p99:.1f} ms, {unanswered:,} unanswered, {pulled} pulls")
    assert Counter(answer.status for answer in answers) == {200: RATE * SECONDS}
    assert unanswered == RATE * SECONDS, "the echo did not hang"
    assert pulled > 0
    assert p99 <= 500
    assert product.faults() == []
