"""With a chat model behind real HTTP: good, slow, broken, lying. The same question is always answered, and nothing invented leaves."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from bot.app import App
from domain.message import Inbound
from domain.party import Party, Role

WANG = Party(Role.CUSTOMER, "C000002")
GOOD = "您先在App里挂失，钱就转不出去了，再带身份证去网点补卡 [service-card-loss]。"


class Model(ThreadingHTTPServer):
    """Speaks the protocol of a chat model on loopback. `mode` says how it behaves; `asked` keeps what it was sent."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Reply)
        self.mode = "good"
        self.asked: list[str] = []
        self.ended = threading.Event()


class _Reply(BaseHTTPRequestHandler):
    server: Model

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        self.server.asked.append(body)
        mode = self.server.mode
        if mode == "slow":
            self.server.ended.wait(5)
        if mode == "error":
            self.send_error(500)
            return
        text = {
            "invented": "现在年化4.35%，放心 [service-card-loss]",
            "no_source": "带身份证去网点就行",
            "promise": "保本保收益 [service-card-loss]",
        }
        said = {"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [
            {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text.get(mode, GOOD)}}
        ]}  # fmt: skip
        answer = b"<html>not json" if mode == "garbage" else json.dumps(said).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer[: len(answer) // 2] if mode == "half" else answer)

    def log_message(self, *_: Any) -> None:
        """Quiet."""


@pytest.fixture
def model() -> Iterator[Model]:
    server = Model()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.ended.set()
    server.shutdown()
    server.server_close()
    thread.join()


def ask(app: App, text: str, number: int = 0) -> list[Any]:
    inbound = Inbound(channel="web", message_id=f"m{number}{text}", sender=WANG, text=text, received_at=app.clock())
    _, dispatches = app.converse(inbound)
    return [dispatch.approved for dispatch in dispatches if dispatch.approved and dispatch.approved.draft.card_ids]


def with_model(house: Callable[..., App], model: Model) -> App:
    return house(llm_model="m", llm_base_url=f"http://127.0.0.1:{model.server_port}/v1", llm_api_key="k", llm_timeout_s=1.0)


def test_a_good_answer_is_used_cited_and_labelled(house: Callable[..., App], model: Model) -> None:
    answers = ask(with_model(house, model), "我的银行卡不见了，怎么办")

    assert len(answers) == 1
    assert answers[0].draft.ai_generated
    assert answers[0].draft.card_ids == ("service-card-loss",)
    assert "再带身份证去网点补卡" in answers[0].text
    assert "由人工智能生成" in answers[0].text
    assert "[service" not in answers[0].text


@pytest.mark.parametrize("mode", ["slow", "error", "garbage", "half", "invented", "no_source"])
def test_whatever_the_model_does_the_card_answers(house: Callable[..., App], model: Model, mode: str) -> None:
    model.mode = mode
    started = time.perf_counter()

    answers = ask(with_model(house, model), "我的银行卡不见了，怎么办")

    assert time.perf_counter() - started < 8
    assert len(answers) == 1
    assert not answers[0].draft.ai_generated
    assert "先挂失，再补卡" in answers[0].text
    assert not any(word in answers[0].text for word in ("4.35", "保本"))


def test_a_promise_in_the_models_words_is_stopped_at_the_door(house: Callable[..., App], model: Model) -> None:
    model.mode = "promise"
    app = with_model(house, model)

    assert ask(app, "我的银行卡不见了，怎么办") == []

    with app.store.reading() as records:
        said = [line.text for line in records.transcript.of(f"web:{WANG}")]
        assert [conversation.party for conversation in records.conversations.waiting()] == [WANG]
    assert not any("保本" in text for text in said)
    assert any("请同事来" in text for text in said)


def test_a_model_that_keeps_failing_is_left_alone(house: Callable[..., App], model: Model) -> None:
    model.mode = "error"
    app = with_model(house, model)

    answers = [ask(app, "我的银行卡不见了，怎么办", number) for number in range(8)]

    assert all(len(answer) == 1 for answer in answers)
    assert len(model.asked) <= 5


def test_no_personal_data_reaches_the_model(house: Callable[..., App], model: Model) -> None:
    ask(with_model(house, model), "我的银行卡不见了怎么办，我手机13812345678")

    assert model.asked
    assert not any("13812345678" in body for body in model.asked)
