"""Faults on demand, the clock, the counters, the log of calls, and answers with nothing but what is needed."""

import http.client
import json
import time

import pytest

from tests.integration.wecom_server.kit import CUSTOMER, Corp


@pytest.mark.parametrize("code", [-1, 40014, 42001, 45009, 45033])
def test_any_errcode_so_many_times_and_nothing_is_done(corp: Corp, code: int) -> None:
    corp.customer("say", text="你好")
    corp.admin("faults", path="kf/send_msg", errcode=code, times=2)

    assert [corp.send()["errcode"] for _ in range(3)] == [code, code, 0]
    assert len([entry for entry in corp.seen(f"customer:{CUSTOMER}") if entry["by"] == "api"]) == 1


def test_http_errors_on_every_path(corp: Corp) -> None:
    token = corp.token("kf")
    corp.admin("faults", path="*", http=503)

    assert corp.http("GET", f"/cgi-bin/getcallbackip?access_token={token}")[0] == 503
    assert corp.http("GET", f"/cgi-bin/getcallbackip?access_token={token}")[0] == 200


def test_a_slow_answer(corp: Corp) -> None:
    corp.token("kf")
    corp.admin("faults", path="kf/account/list", slow_s=0.3)
    began = time.monotonic()

    assert corp.kf("account/list")["errcode"] == 0
    assert time.monotonic() - began >= 0.3


@pytest.mark.parametrize(("drop", "arrived"), [("before", 0), ("after", 1)])
def test_hanging_up_before_or_after_the_work(corp: Corp, drop: str, arrived: int) -> None:
    corp.customer("say", text="你好")
    corp.token("kf")
    corp.admin("faults", path="kf/send_msg", drop=drop)
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        corp.send()

    assert len([entry for entry in corp.seen(f"customer:{CUSTOMER}") if entry["by"] == "api"]) == arrived


def test_faults_are_listed_and_cleared(corp: Corp) -> None:
    corp.admin("faults", path="media/get", errcode=-1)
    assert json.loads(corp.http("GET", "/_sandbox/faults")[1])["media/get"][0]["errcode"] == -1
    corp.http("DELETE", "/_sandbox/faults")
    assert json.loads(corp.http("GET", "/_sandbox/faults")[1]) == {}
    assert "is needed" in corp.refused("faults", path="media/get")
    assert "is needed" in corp.refused("faults", path="media/get", drop="sometimes")


def test_the_clock_stands_moves_and_runs(corp: Corp) -> None:
    assert corp.admin("clock") == {"at": "2026-12-01T09:30:00+08:00", "runs": False}
    assert corp.admin("clock", advance_s=90)["at"] == "2026-12-01T09:31:30+08:00"
    assert corp.admin("clock", set="2027-01-01T00:00:00Z")["at"] == "2027-01-01T08:00:00+08:00"
    assert corp.admin("clock", set="real")["runs"] is True
    assert "ValueError" in corp.refused("clock", set="nonsense")


def test_counters_and_calls_without_secrets(corp: Corp) -> None:
    corp.customer("say", text="你好")
    corp.send()
    corp.send(open_kfid="wkNobody")
    counters = json.loads(corp.http("GET", "/_sandbox/counters")[1])
    calls = json.loads(corp.http("GET", "/_sandbox/calls?path=kf/send_msg")[1])

    assert counters == {"gettoken": 1, "kf/send_msg": 2}
    assert [call["errcode"] for call in calls] == [0, 95004]
    assert "sandbox-secret" not in corp.http("GET", "/_sandbox/calls")[1].decode()
    corp.http("DELETE", "/_sandbox/counters")
    assert json.loads(corp.http("GET", "/_sandbox/counters")[1]) == {}


def test_bare_answers(corp: Corp) -> None:
    corp.admin("settings", bare=True)

    assert set(corp.sync()) == {"errcode", "has_more", "next_cursor"}
    assert corp.send() == {"errcode": 95018}


def test_a_setting_that_nobody_knows(corp: Corp) -> None:
    assert "no setting" in corp.refused("settings", nonsense=1)


def test_a_body_of_another_shape_is_a_wrong_parameter_and_the_connection_stays(corp: Corp) -> None:
    assert corp.contact("add_msg_template", sender="zhou", text={"content": "x"}, tag_filter={"group_list": "all"})["errcode"] == 40058
    card = {"card_type": "text_notice", "main_title": "题"}
    assert corp.post("app", "message/send", touser="zhou", agentid=1000002, msgtype="template_card", template_card=card)["errcode"] == 40058
    assert corp.kf("account/list", limit="many")["errcode"] == 40058
