"""`bench kf` measures: every message comes back once, and the figures are those of the messages."""

import json
import os
import subprocess
import sys

import pytest

from tests.integration.wecom.kf_rig import ROOT


@pytest.mark.slow
def test_the_figures_of_a_short_run() -> None:
    command = [sys.executable, "-m", "bot", "bench", "kf", "--turns", "40", "--json"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PEIBAN_")}

    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120)

    figures = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(figure["unit"], figure["wanted"]) for figure in figures] == [("ms", 12), ("messages/s", 200)], done.stderr
    assert done.returncode == (0 if all(figure["met"] for figure in figures) else 1)  # how fast, this machine may say another day
    assert 0.5 < figures[0]["value"] < 5_000
    assert 1 < figures[1]["value"] < 5_000
