"""Customers on WeChat customer service while the whole product is killed: nothing is lost, nobody is answered twice.

The short form; `python -m tests.verify customers` runs the long one.
"""

import sys
from pathlib import Path

import pytest

from tests.crash.kf_kills import KfFigures, judge, kill_again_and_again
from tests.integration.wecom.kf_rig import kf_server

pytestmark = [pytest.mark.crash, pytest.mark.slow, pytest.mark.long(seconds=25)]


def test_killed_while_customers_write(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figures = kill_again_and_again(tmp_path, kills=8, messages=120, seed=8)

    with capsys.disabled():
        sys.stdout.write(f"\n  {figures}\n")
    assert figures.breaches == []
    assert figures.messages == 120
    assert len(figures.unanswered) == 8
    assert figures.busy >= 4, figures.unanswered


def test_the_rig_notices_what_is_lost_doubled_misdirected_or_out_of_order() -> None:
    with kf_server() as server:
        for number in range(4):
            server.say("k0", str(number))
        for text in ("R:2", "R:1", "R:1"):
            server.sent.append({"touser": "k0", "text": {"content": text}})
        server.sent.append({"touser": "k1", "text": {"content": "R:0"}})
        found = judge(server)

    assert KfFigures(unanswered=[3, 5, 7]).busy == 2
    assert {breach.split(":")[0] for breach in found} == {"lost", "answered twice", "sent to k1 but said by k0", "out of order for k0"}
