"""What rigs of other people check of the customer service channel, through HTTP against the running product."""

import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.wecom.kf_rig import CORP, KFID, KfServer, Product, kf_server, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.long(seconds=28)]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """One process for all tests that need not see it start or die."""
    with kf_server() as server:
        product = Product(server, tmp_path_factory.mktemp("rig"))
        product.start()
        server.say("first", "先来")
        product.call()
        wait_for(1, server)
        yield product
        assert product.stop() == 0


@pytest.fixture
def product(running: Product) -> Product:
    running.server.forget()
    return running


@pytest.fixture
def server(product: Product) -> KfServer:
    return product.server


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Product]:
    """A process with nothing behind it, not started yet."""
    with kf_server() as server:
        product = Product(server, tmp_path)
        yield product
        if product.process is not None and product.process.poll() is None:
            assert product.stop() == 0


def quiet(server: KfServer, seconds: float = 0.4) -> None:
    """Long enough for anything that would be said too much."""
    before = len(server.sent)
    time.sleep(seconds)
    assert len(server.sent) == before


def test_the_address_is_verified(product: Product) -> None:
    assert product.verify("1616140317555161061") == (200, "1616140317555161061")
    assert product.verify("x", wrong=True)[0] == 403


def test_the_first_message_after_an_installation(fresh: Product) -> None:
    server = fresh.server
    server.bare = True
    fresh.start()
    for number in range(3):
        server.say("old", f"昨天{number}", age_s=86_400)
    server.say("wm1", "你好")
    server.fault("kf/send_msg", -1)
    assert fresh.call() == 200
    assert wait_for(1, server) == ["R:你好"]
    quiet(server)


def test_one_callback_for_twenty_messages(product: Product, server: KfServer) -> None:
    for number in range(20):
        server.say(f"wm{number % 4}", f"话{number}")
    assert product.call() == 200
    wait_for(20, server)
    quiet(server)
    by_customer = {f"wm{one}": [text for text in server.texts() if int(text.removeprefix("R:话")) % 4 == one] for one in range(4)}
    assert all(texts == [f"R:话{number}" for number in range(one, 20, 4)] for one, texts in enumerate(by_customer.values()))


def test_a_burst_of_fifty_with_callbacks_doubled_and_out_of_order(product: Product, server: KfServer) -> None:
    for number in range(50):
        server.say(f"b{number}", f"急{number}")
        assert product.call(age_s=random.Random(number).randrange(20)) == 200
        if number % 3 == 0:
            assert product.call() == 200
    assert Counter(wait_for(50, server)) == Counter(f"R:急{number}" for number in range(50))
    quiet(server)


def test_an_empty_page_that_promises_more(product: Product, server: KfServer) -> None:
    server.empty_pages = 1
    server.say("wm1", "在吗")
    product.call()
    assert wait_for(1, server) == ["R:在吗"]


@pytest.mark.parametrize(
    ("path", "code"), [("kf/send_msg", -1), ("kf/sync_msg", -1), ("gettoken", -1), ("kf/send_msg", 42001), ("kf/sync_msg", 40014)]
)
def test_a_busy_server_or_an_old_token_costs_no_answer(product: Product, server: KfServer, path: str, code: int) -> None:
    server.fault(path, code)
    server.say("wm1", "在吗")
    product.call()
    assert wait_for(1, server) == ["R:在吗"]
    quiet(server)


def test_a_token_of_a_callback_that_is_too_old(product: Product, server: KfServer) -> None:
    server.fault("kf/sync_msg", 95007)
    server.say("wm1", "在吗")
    product.call()
    assert wait_for(1, server) == ["R:在吗"]


@pytest.mark.parametrize(("code", "most_s"), [(45033, 15.0), (95018, 40.0)])
def test_an_answer_that_was_refused_for_now_comes_later(product: Product, server: KfServer, code: int, most_s: float) -> None:
    server.fault("kf/send_msg", code)
    server.say("wm1", "在吗")
    product.call()
    assert wait_for(1, server, seconds=most_s) == ["R:在吗"]
    quiet(server)


def test_a_connection_that_breaks_after_the_message_was_taken(product: Product, server: KfServer) -> None:
    server.drop_after_accept = 1
    server.say("wm1", "在吗")
    product.call()
    assert wait_for(1, server) == ["R:在吗"]
    deadline = time.monotonic() + 20
    while not server.repeated and time.monotonic() < deadline:
        time.sleep(0.05)
    assert server.repeated == 1  # it was sent again under its own id
    server.say("wm1", "还在")
    product.call()
    assert wait_for(2, server) == ["R:在吗", "R:还在"]


def test_a_server_that_leaves_out_every_optional_field(product: Product, server: KfServer) -> None:
    server.bare = True
    server.say("wm1", "一")
    product.call()
    server.say("wm2", "二")
    product.call()
    assert sorted(wait_for(2, server)) == ["R:一", "R:二"]


def test_a_backlog_of_five_hundred(product: Product, server: KfServer) -> None:
    for number in range(500):
        server.say(f"c{number % 211}", f"{number}")
    product.call()
    assert Counter(wait_for(500, server, seconds=60)) == Counter(f"R:{number}" for number in range(500))
    assert server.repeated == 0


def test_killed_with_ten_unanswered(fresh: Product) -> None:
    server = fresh.server
    fresh.delay_s = 1.5
    fresh.start()
    server.say("first", "先来")
    fresh.call()
    wait_for(1, server)
    for number in range(10):
        server.say(f"k{number}", f"{number}")
    fresh.call()
    time.sleep(0.6)
    assert len(server.sent) == 1, "some were answered before the kill"
    fresh.kill()
    server.say("late", "关机时来的")
    fresh.start()
    texts = wait_for(12, server, seconds=30)
    quiet(server, 2.0)
    assert Counter(texts) == Counter(["R:先来", "R:关机时来的", *(f"R:{number}" for number in range(10))])


def test_what_must_not_be_believed(product: Product, server: KfServer) -> None:
    server.say("wm1", "在吗")
    assert product.call(age_s=400) == 403
    assert product.call(corp="wwother") == 403
    assert product.call(body=b"not xml") == 400
    assert product.call(body=b"<xml><Encrypt>" + b"A" * 300_000 + b"</Encrypt></xml>") == 413
    assert product.post("msg_signature=0&timestamp=1&nonce=2", b"<xml><Encrypt>AAAA</Encrypt></xml>") == 403
    quiet(server, 0.3)
    assert server.calls["kf/sync_msg"] == 0
    assert product.call({"Event": "something_else", "ToUserName": CORP, "OpenKfId": KFID}) == 200
    assert product.call() == 200
    assert wait_for(1, server) == ["R:在吗"]
