"""The commands as a person types them: real processes, real exit codes, one clear line for bad input and never a traceback."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.nursery import Nursery

pytestmark = pytest.mark.long(seconds=20)

ROOT = Path(__file__).parents[2]
Bot = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def data(bank_template: Path, tmp_path: Path) -> Path:
    """A bank of its own."""
    return Path(shutil.copytree(bank_template, tmp_path / "data"))


@pytest.fixture
def bot(data: Path, processes: Nursery) -> Bot:
    """A command on that bank, in a process of its own."""

    def run(*arguments: str, said: str | bytes = "", house: Path = data, **environment: str) -> subprocess.CompletedProcess[str]:
        body = said.encode() if isinstance(said, str) else said
        return processes.run(
            "bot.__main__:main", arguments, environment={**os.environ, "PEIBAN_DATA": str(house), **environment}, said=body
        )

    return run


AT = ("--at", "2026-11-24T10:00+08:00")


def test_a_conversation_of_json_lines(bot: Bot) -> None:
    done = bot("chat", "--as", "customer:C000002", "--json", *AT, said="卡丢了\n换个人来\n\n")

    turns = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert len(turns) == 3
    assert set(turns[0]) == {"replies", "intent", "confidence", "effects", "conversation", "verdicts", "trace_id", "ms"}
    assert turns[0]["replies"][-1]["card_ids"]
    assert turns[1]["conversation"]["owner"] == "waiting"
    assert all(turn["replies"] for turn in turns)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("say", "在吗", "--as", "customer:C999999"), "knows no customer:C999999"),
        (("say", "在吗", "--as", "pirate:1"), "is not a person"),
        (("say", "在吗", "--as", "customer:"), "is not a person"),
        (("say", "在吗", "--as", "rm:C000002"), "knows no rm:C000002"),
        (("say", "在吗"), "required"),
        (("say", "在吗", "--as", "customer:C000002", "--at", "gestern"), "is not a time"),
        (("import", "no-such-folder"), "no-such-folder"),
        (("lint-cards", "no-such-folder"), "no folder"),
        (("evaluate", "questions", "no-such-file"), "no-such-file"),
        (("evaluate", "intents", "no-such-file"), "no-such-file"),
        (("totp", "rm:S9999"), "nobody of a sandbox bank"),
        (("sandbox", "--customers", "0", "--out", "nowhere"), "needs"),
        (("sandbox", "--format", "xlsx", "--out", "nowhere"), "not as xlsx"),
        (("dance",), "no command 'dance'"),
    ],
)
def test_bad_input_is_one_clear_line(bot: Bot, arguments: tuple[str, ...], says: str) -> None:
    done = bot(*arguments)

    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr + done.stdout


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"PEIBAN_PORT": "eighty"}, "PEIBAN_PORT"),
        ({"PEIBAN_PROT": "80"}, "PEIBAN_PROT is not a setting"),
        ({"PEIBAN_DATABASE_URL": "oracle://x"}, "not supported"),
        ({"PEIBAN_LLM_MODEL": "m"}, "llm_model needs llm_base_url"),
        ({"PEIBAN_TELEGRAM_PEOPLE": '{"1": "customer:C000001"}'}, "telegram_customers is off"),
        ({"PEIBAN_BANK_PAGES": '{"app": "https://www.bank.example/"}'}, "at a host of link_hosts is needed"),
    ],
)
def test_wrong_settings_stop_the_start(bot: Bot, environment: dict[str, str], says: str) -> None:
    done = bot("say", "在吗", "--as", "customer:C000002", **environment)

    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_damaged_bytes_and_endless_lines_are_answered(bot: Bot) -> None:
    done = bot("chat", "--as", "customer:C000002", "--json", *AT, said=b"\xff\xfe\x00\n" + "啊".encode() * 400_000 + "\n谢谢\n".encode())

    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 3
    assert all(json.loads(line)["replies"] for line in done.stdout.splitlines())


def test_mask_extract_and_review_answer_line_by_line(bot: Bot) -> None:
    masked = bot("mask", "--json", said="我电话13812345678\n没有\n")
    found = bot("extract", "--json", *AT, said="后年九月要用五十万\n")
    judged = bot("review", "--to", "customer:C000002", "--purpose", "reply", "--json", *AT, said="保本保收益\n您好，网点九点开门。\n")

    assert [len(json.loads(line)["spans"]) for line in masked.stdout.splitlines()] == [1, 0]
    assert "13812345678" not in masked.stdout
    assert "2028-09" in found.stdout
    assert "500000" in found.stdout
    assert [json.loads(line)["verdict"] for line in judged.stdout.splitlines()] == ["blocked", "approved"]


def test_inventory_lists_everything_that_was_discovered(bot: Bot) -> None:
    body = json.loads(bot("inventory", "--json").stdout)

    assert {"handlers", "forms", "rules", "touches", "channels", "cards", "transitions"} <= set(body)
    assert len(body["handlers"]) >= 30
    assert all(body.values())


def test_the_audit_chain_verifies_and_a_change_is_noticed(data: Path, bot: Bot) -> None:
    bot("say", "卡丢了", "--as", "customer:C000002")
    whole = bot("audit", "verify")
    import sqlite3

    with sqlite3.connect(data / "peiban.db") as connection:
        connection.execute("UPDATE audit SET actor = 'customer:C000001' WHERE seq = 1")
    connection.close()
    broken = bot("audit", "verify")

    assert (whole.returncode, broken.returncode) == (0, 1)
    assert "第 1 条" in broken.stdout


def test_only_own_customers_are_listed(bot: Bot) -> None:
    mine = {json.loads(line)["id"] for line in bot("customers", "--as", "rm:S0003", "--json").stdout.splitlines()}
    theirs = {json.loads(line)["id"] for line in bot("customers", "--as", "rm:S0004", "--json").stdout.splitlines()}

    assert "C000002" in mine
    assert mine.isdisjoint(theirs)
    assert bot("customers", "--as", "product:S0014", "--json").stdout == ""


def test_a_reader_that_goes_away_is_no_fault(data: Path) -> None:
    command = f"{sys.executable} -m bot customers --as rm:S0003 | head -1"
    done = subprocess.run(
        ["/bin/sh", "-c", command], cwd=ROOT, env={**os.environ, "PEIBAN_DATA": str(data)}, capture_output=True, check=False, timeout=60
    )

    assert done.stdout.count(b"\n") == 1
    assert b"Traceback" not in done.stderr


def test_bench_takes_parts_and_none(bot: Bot) -> None:
    assert bot("bench", "--help").returncode == 0
    assert "invalid choice" in bot("bench", "nonsense").stderr

    all_parts = bot("bench", "--turns", "x")  # the parts are judged first: leaving them out is no fault

    assert "parts" not in all_parts.stderr.splitlines()[-1]


@pytest.mark.parametrize("arguments", [("data",), ("quality",), ("quality", "--columns"), ("identities",)])
def test_the_doctor_speaks_of_an_empty_house_and_of_a_bank(data: Path, bot: Bot, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    for house in (tmp_path / "empty", data):
        told = bot("doctor", *arguments, *AT, house=house)
        lines = bot("doctor", *arguments, "--json", *AT, house=house)

        assert (told.returncode, lines.returncode) == (0, 0), told.stderr + lines.stderr
        assert told.stdout.strip()
        assert all(json.loads(line) for line in lines.stdout.splitlines())


def test_the_doctor_traces_a_row_and_refuses_what_makes_no_sense(bot: Bot) -> None:
    traced = bot("doctor", "lineage", "customers", "C000001", "--json")
    (row, *_) = [json.loads(line) for line in traced.stdout.splitlines()]
    assert row["file"].startswith("persons.")

    for arguments, says in (
        (("lineage", "no_such", "x"), "no table"),
        (("identities", "--accept", "C000001", "C000002"), "needs a person"),
        (("identities", "--accept", "C000001", "C000002", "--as", "customer:C000001"), "among its staff"),
        (("identities", "--truth", "no-such-folder"), "no identities file"),
        ((), "required"),
    ):
        done = bot("doctor", *arguments)
        assert done.returncode == 2
        assert says in done.stderr
        assert "Traceback" not in done.stderr


def test_the_banks_page_is_said_below_the_answer(bot: Bot) -> None:
    page = "https://www.bank.example/app"
    settings = {"PEIBAN_BANK_PAGES": json.dumps({"app": page}), "PEIBAN_LINK_HOSTS": '["www.bank.example"]'}
    asked = ("say", "手机银行登不上去了", "--as", "customer:C000002", *AT)

    assert f"  官网下载App：{page}" in bot(*asked, **settings).stdout.splitlines()
    (reply,) = [one for one in json.loads(bot(*asked, "--json", **settings).stdout)["replies"] if one["card_ids"]]
    assert reply["links"] == [{"label": "官网下载App", "url": page}]
    assert "官网下载App" not in bot(*asked).stdout


def test_cards_may_not_lead_to_hosts_that_are_not_listed(bot: Bot, tmp_path: Path) -> None:
    card = (ROOT / "knowledge" / "cards" / "services" / "service-app-login.md").read_text(encoding="utf-8")
    (tmp_path / "cards").mkdir()
    (tmp_path / "cards" / "one.md").write_text(card.replace("to: app}", 'to: "https://www.bank.example/app"}'), encoding="utf-8")

    refused = bot("lint-cards", str(tmp_path / "cards"))
    assert refused.returncode == 2
    assert "名单以外的网址" in refused.stdout
    assert bot("lint-cards", str(tmp_path / "cards"), PEIBAN_LINK_HOSTS='["www.bank.example"]').returncode == 0
