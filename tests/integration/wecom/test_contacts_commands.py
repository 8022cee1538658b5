"""Contacts are handed over, and what an administrator does by hand: codes, the look, what the doctor says."""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.commands import wecom
from config.settings import Settings
from domain.errors import BadInput, BadSettings
from tests.integration.wecom.contacts_rig import ContactsRig, contacts_rig

pytestmark = pytest.mark.slow
DAY = 86400


@pytest.fixture(scope="module")
def rig(bank_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ContactsRig]:
    with contacts_rig(bank_template, tmp_path_factory.mktemp("contacts") / "data") as made:
        yield made


@pytest.fixture
def command(rig: ContactsRig, capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*words: str, **settings: Any) -> tuple[int, list[dict[str, Any]]]:
        parser = argparse.ArgumentParser()
        call = wecom.configure(parser, "wecom")
        given = [*words, "--json"] if words[0] == "doctor" else [*words, "--json", "--at", rig.app.clock().isoformat()]
        code = call(parser.parse_args(given), rig.app.settings.model_copy(update=settings))
        return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return run


def add(rig: ContactsRig, member: str, count: int) -> list[str]:
    people = [rig.person() for _ in range(count)]
    for person in people:
        rig.corp.customer("add", customer=person, member=member)
    rig.work()
    return people


def audited(rig: ContactsRig, person: str) -> list[str]:
    with rig.app.store.reading() as records:
        return [f"{one.action} {dict(one.detail).get('code', '')}".strip() for one in records.audit.of_subject(person)]


def test_a_member_hands_over_and_each_customer_decides(rig: ContactsRig, command: Any) -> None:
    goes, refuses, removed = add(rig, "zhou", 3)
    rig.corp.member("remove", "zhou", customer=removed)  # the callback is not worked yet: we still list them
    assert command("transfer", "--from", "rm:S0003", "--to", "rm:S0004") == (
        0,
        [{"from": "Zhou", "to": "he", "leaver": False, "contacts": 3}],
    )
    assert "transfer_customer" not in "".join(json.loads(rig.corp.http("GET", "/_sandbox/counters")[1]))

    code, told = command("transfer", "--from", "rm:S0003", "--to", "rm:S0004", "--yes")
    assert (code, [(one["code"], one["count"]) for one in told]) == (1, [(0, 2), (84061, 1)])
    assert told[1]["meaning"] == "已不是原成员的联系人"
    assert audited(rig, goes)[-1] == "wecom_contacts.transfer.begun 0"
    _, again = command("transfer", "--from", "rm:S0003", "--to", "rm:S0004", "--yes")
    assert {one["code"] for one in again} == {40100, 84061}
    assert [(one["status"], one["count"]) for one in command("transfers")[1]] == [(2, 2)]

    rig.corp.customer("refuse_transfer", customer=refuses)
    rig.advance(DAY)
    rig.work()
    assert {one["meaning"]: one["count"] for one in command("transfers")[1]} == {"已接替": 1, "客户拒绝": 1}
    assert command("transfers")[1] == [], "settled once, and looked at no more"
    assert audited(rig, goes)[-1] == "wecom_contacts.transfer.settled 1"
    assert rig.contact(goes, "he").left_at is None
    assert rig.contact(goes, "Zhou").left_at is not None
    assert rig.contact(refuses, "Zhou").left_at is None
    (task,) = [one for one in rig.tasks() if "接替" in one.title]
    assert task.title == "客户没有接受接替"
    assert rig.welcomes(goes), "the first member welcomed"
    assert len(rig.welcomes(goes)) == 1, "who is handed over is not welcomed again"


def test_who_left_is_taken_over_from(rig: ContactsRig, command: Any) -> None:
    people = add(rig, "lin", 2)
    rig.corp.member("resign", "lin")
    rig.contacts.daily.look()
    rig.contacts.transfers.tell_of_leavers()
    (task,) = [one for one in rig.tasks() if "离职" in one.title]
    assert "2 位" in task.title
    assert "rm:S0005" in task.detail
    assert command("transfer", "--from", "rm:S0005", "--to", "rm:S0004", "--leaver")[1][0]["contacts"] == 2
    assert command("transfer", "--from", "rm:S0005", "--to", "rm:S0004", "--leaver", "--yes")[0] == 0
    rig.advance(DAY)
    rig.work()
    assert [(one["status"], one["count"]) for one in command("transfers")[1]] == [(1, 2)]
    assert {rig.follow(person, "he")["userid"] for person in people} == {"he"}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("transfer", "--from", "rm:S9999", "--to", "rm:S0004"), "knows no"),
        (("transfer", "--from", "rm:S0003", "--to", "rm:S0003"), "same person"),
        (("qr", "--as", "customer:C000001"), "member of staff"),
        (("qr", "--as", "rm:S0003", "--state", "字" * 31), "30 characters"),
    ],
)
def test_what_cannot_be_done_is_said(words: tuple[str, ...], says: str, command: Any) -> None:
    with pytest.raises(BadInput, match=says):
        command(*words)


def test_a_code_is_made_once_for_each_purpose(rig: ContactsRig, command: Any) -> None:
    _, (first,) = command("qr", "--as", "rm:S0004", "--state", "大堂")
    _, (second,) = command("qr", "--as", "rm:S0004", "--state", "大堂")
    _, (other,) = command("qr", "--as", "rm:S0004")
    assert (first["new"], second["new"], first["url"]) == (True, False, second["url"])
    assert other["url"] != first["url"]
    person = rig.person()
    rig.corp.customer("add", customer=person, config_id=first["config_id"])
    rig.work()
    assert rig.contact(person, "he").state == "大堂"
    assert command("sync")[1][0]["contacts"] >= 1


def test_the_doctor_on_contacts(rig: ContactsRig, command: Any) -> None:
    url = rig.corp.admin("")["callback"]["contacts"]
    code, lines = command("doctor", wecom_callback_url=url)
    found = {line["title"]: line["outcome"] for line in lines}
    assert found["客户联系 凭证"] == "good"
    assert found["客户联系 成员"] == "good"
    assert found["客户联系 回调地址"] == "good"
    assert code == 0
    other = SecretStr("another")
    (address,) = [one for one in command("doctor", wecom_callback_url=url, wecom_contacts_token=other)[1] if "回调" in one["title"]]
    assert (address["outcome"], "PEIBAN_WECOM_CONTACTS_TOKEN" in address["to_do"]) == ("missing", True)
    rig.corp.admin("faults", path="externalcontact/get_follow_user_list", times=1, errcode=48002)
    code, lines = command("doctor")
    (right,) = [line for line in lines if line["title"] == "客户联系 权限"]
    assert (code, right["outcome"]) == (1, "missing")
    assert "可调用接口的应用" in right["to_do"]
    rig.corp.admin("faults", path="externalcontact/get_follow_user_list", times=1, errcode=60020)
    assert "企业可信IP" in "".join(line["to_do"] for line in command("doctor")[1])


def test_settings_of_contacts_go_together(rig: ContactsRig, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="wecom_contacts_secret, wecom_contacts_token and wecom_contacts_aes_key need each other"):
        Settings(data=tmp_path, sandbox=True, wecom_corp_id="ww1", wecom_contacts_secret="s", wecom_contacts_token="t")
    without = rig.app.settings.model_copy(update={"wecom_contacts_secret": Settings(data=tmp_path, sandbox=True).wecom_secret})
    parser = argparse.ArgumentParser()
    call = wecom.configure(parser, "wecom")
    with pytest.raises(BadSettings, match="CONTACTS_SECRET"):
        call(parser.parse_args(["sync"]), without)
