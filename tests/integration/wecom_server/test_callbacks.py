"""How callbacks come: verified, signed, three times, twice, in reverse."""

import json

import pytest

from tests.integration.wecom_server.kit import OPTIONS, Callbacks, Corp


def settle(corp: Corp) -> list[dict[str, object]]:
    return list(corp.admin("callbacks/wait", wait_s=20)["log"])


def test_an_address_with_the_wrong_echo_is_refused(corp: Corp) -> None:
    with Callbacks() as receiver:
        receiver.wrong_echo = True
        assert "openapi callback address request failed" in corp.refused("callback", url=receiver.url)


def test_an_address_that_takes_longer_than_a_second_is_refused(corp: Corp) -> None:
    corp.admin("settings", verify_timeout_s=0.1)
    with Callbacks() as receiver:
        receiver.waits_s = [0.4]
        assert "HTTP 0" in corp.refused("callback", url=receiver.url)


@pytest.mark.slow
@pytest.mark.parametrize(("takes_s", "accepted"), [(0.6, True), (1.4, False)])
def test_the_real_limit_of_a_verification_is_one_second(corp: Corp, takes_s: float, accepted: bool) -> None:
    with Callbacks() as receiver:
        receiver.waits_s = [takes_s]
        status, _ = corp.http("POST", "/_sandbox/callback", json.dumps({"url": receiver.url}).encode())
        assert status == (200 if accepted else 400)


def test_a_kf_event_names_the_corp_the_account_and_a_token_and_nobody_else(corp: Corp, callbacks: Callbacks) -> None:
    corp.customer("say", text="你好")
    settle(corp)
    (pushed,) = callbacks.got

    assert set(pushed.fields) == {"ToUserName", "CreateTime", "MsgType", "Event", "Token", "OpenKfId"}
    assert (pushed.fields["ToUserName"], pushed.fields["Event"]) == (OPTIONS.corp_id, "kf_msg_or_event")
    assert set(pushed.outer) == {"ToUserName", "Encrypt"}


@pytest.mark.parametrize(("statuses", "tries"), [([], 1), ([500], 2), ([404, 302], 3), ([500, 500, 500], 3)])
def test_anything_but_200_is_tried_again_three_times_in_all(corp: Corp, callbacks: Callbacks, statuses: list[int], tries: int) -> None:
    corp.admin("settings", callback_retry_wait_s=0.01)
    callbacks.statuses = list(statuses)
    corp.customer("say", text="你好")
    (entry,) = settle(corp)

    assert len(callbacks.got) == tries
    assert len({pushed.raw for pushed in callbacks.got}) == 1
    assert entry["delivered"] is (len(statuses) < 3)


def test_who_is_slow_is_cut_off_and_tried_again(corp: Corp, callbacks: Callbacks) -> None:
    corp.admin("settings", callback_timeout_s=0.1, callback_retry_wait_s=0.01)
    callbacks.waits_s = [0.5]
    corp.customer("say", text="你好")
    (entry,) = settle(corp)

    assert [attempt["status"] for attempt in entry["tries"]] == [0, 200]  # type: ignore[attr-defined]


@pytest.mark.slow
def test_the_real_time_out_is_five_seconds(corp: Corp, callbacks: Callbacks) -> None:
    callbacks.waits_s = [5.6]
    corp.customer("say", text="你好")
    (entry,) = settle(corp)
    first, second = entry["tries"]  # type: ignore[misc]

    assert first["status"] == 0
    assert 4900 <= first["ms"] <= 5500
    assert second["status"] == 200


def test_a_callback_comes_twice_when_asked_to(corp: Corp, callbacks: Callbacks) -> None:
    corp.admin("callbacks", twice=1)
    corp.customer("say", text="你好")
    corp.customer("say", text="在吗")
    settle(corp)
    tokens = sorted(event["Token"] for event in callbacks.events())

    assert len(tokens) == 3
    assert len(set(tokens)) == 2


def test_callbacks_come_in_reverse_when_asked_to(corp: Corp, callbacks: Callbacks) -> None:
    corp.admin("settings", coalesce=False)
    corp.admin("callbacks", reverse=3)
    for text in ("一", "二", "三"):
        corp.customer("say", text=text)
    settle(corp)
    tokens = [event["Token"] for event in callbacks.events()]

    assert len(tokens) == 3
    assert tokens == sorted(tokens, reverse=True)


def test_one_callback_may_stand_for_several_messages(corp: Corp, callbacks: Callbacks) -> None:
    corp.admin("callbacks", hold=True)
    for text in ("一", "二", "三"):
        corp.customer("say", text=text)
    corp.admin("callbacks", hold=False)
    settle(corp)
    (event,) = callbacks.events()

    assert len(corp.sync(token=event["Token"])["msg_list"]) == 3


def test_without_an_address_nothing_is_delivered_and_it_is_logged(corp: Corp) -> None:
    corp.customer("say", text="你好")

    assert [(entry["delivered"], entry["tries"]) for entry in settle(corp)] == [(False, [])]


def test_many_at_once_all_arrive(corp: Corp, callbacks: Callbacks) -> None:
    corp.admin("settings", coalesce=False)
    for number in range(70):  # more than go at once
        corp.customer("say", text=str(number))
    settle(corp)

    assert len({event["Token"] for event in callbacks.events()}) == 70
