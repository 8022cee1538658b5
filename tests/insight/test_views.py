"""Looking at customers in a chat: a profile with its sections, pictures with the same in words, lists whose lines can be asked about."""

import csv
import re
import shutil
from collections import Counter
from datetime import datetime, time
from pathlib import Path
from typing import Any

import pyotp
import pytest

from compliance.days import BANK_ZONE
from handlers.rm.show_profile import SECTIONS
from tests.insight.kit import TODAY as DAY
from tests.insight.kit import Made

_MONEY = re.compile(r"\d ?(?:万|元)")


@pytest.fixture(scope="module")
def rm(insight_folder: Path) -> str:
    """The relationship manager with most customers."""
    return f"rm:{Counter(row['rm_id'] for row in _persons(insight_folder)).most_common(1)[0][0]}"


@pytest.fixture(scope="module")
def customer(insight_folder: Path, rm: str) -> str:
    """A customer of theirs."""
    return next(row["customer_id"] for row in _persons(insight_folder) if f"rm:{row['rm_id']}" == rm and row["status"] == "active")


def _persons(folder: Path) -> list[dict[str, str]]:
    with (folder / "files" / "persons.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _text(report: dict[str, Any]) -> str:
    return "\n".join(str(reply["text"]) for reply in report["replies"])


def test_a_profile_fits_a_phone_and_every_section_opens_by_word_and_by_place(insight_bank: Made, rm: str, customer: str) -> None:
    asked = ["展开活跃", "需求那块展开说说", "展开他的健康度", "联系那部分展开", "展开标签", "展开KYC"]
    shown, *sections = insight_bank.reports(f"{customer}的画像", *asked, by=rm)
    assert all(len(_text(one).splitlines()) <= 12 for one in (shown, *sections))
    for line in ("分层：", "健康度", "需求：", "联系：", "风险测评"):
        assert line in _text(shown)
    assert not _MONEY.search(_text(shown))
    assert [one["intent"] for one in sections] == [intent for _, intent in SECTIONS[1:7]]
    assert insight_bank.reports(f"{customer}的画像", "第三部分展开", by=rm)[1]["intent"] == "show_needs"
    assert "口令" in insight_bank.said(f"{customer}的画像", "第一部分", by=rm)


def test_pictures_come_with_the_same_in_words_and_without_amounts(insight_bank: Made, rm: str, customer: str) -> None:
    asked = ["画一下他的活跃趋势", "资产走势图", "给我一张健康度的图"]
    for report in insight_bank.reports(f"{customer}的画像", *asked, by=rm)[1:]:
        (reply,) = report["replies"]
        assert Path(reply["image"]).read_bytes().startswith(b"\x89PNG")
        assert str(insight_bank.day) in reply["text"]
        assert not _MONEY.search(reply["text"])


def test_amounts_are_in_the_picture_of_assets_only_after_a_code(insight_folder: Path, insight_bank: Made, rm: str, customer: str) -> None:
    with (insight_folder / "files" / "staff_secrets.csv").open(encoding="utf-8") as file:
        secret = next(row["totp_secret"] for row in csv.DictReader(file) if f"rm:{row['staff_id']}" == rm)
    at = datetime.combine(DAY, time(20), tzinfo=BANK_ZONE)
    before, _, _, after = insight_bank.reports(
        f"画{customer}的资产走势", f"展开{customer}的资产", pyotp.TOTP(secret).at(at), "他的资产走势图", by=rm, at=at
    )
    assert "不含金额" in _text(before)
    assert _MONEY.search(_text(after))
    assert before["replies"][0]["image"] != after["replies"][0]["image"]


def test_a_book_at_a_glance_counts_what_the_lists_count(insight_bank: Made, rm: str) -> None:
    overview, strategic, watched = insight_bank.reports("我的客户总览图", "战略级客户有哪些", "关注级的都有谁", by=rm)
    counted = {found["label"]: int(found["count"]) for found in re.finditer(r"(?m)^(?P<label>\S+) (?P<count>\d+) 位：", _text(overview))}
    assert sum(counted.values()) == int(re.search(r"客户 (\d+) 位（截至", _text(overview))[1])  # type: ignore[index]  # no match fails the test too
    for report, of in ((strategic, "战略级"), (watched, "关注级")):
        listed = re.search(r"客户 (\d+) 位", _text(report))
        assert (int(listed[1]) if listed else 0) == sum(count for label, count in counted.items() if of in label)


def test_a_line_of_a_list_is_asked_about_opened_and_followed_by_the_next_page(insight_bank: Made, rm: str) -> None:
    worst, opened, health, again, reached, gaps, more, first = insight_bank.reports(
        "健康度最差的客户",
        "展开第二个",
        "第三个活跃吗",
        "第二个怎么样",
        "第四个什么时候找他最好",
        "还缺哪些KYC信息",
        "健康度最差的客户",
        "还有吗",
        by=rm,
    )
    names = [line.partition("｜")[0].partition(". ")[2] for line in _text(worst).splitlines()[1:-1]]
    assert _text(opened).startswith(names[1])
    assert opened["intent"] == "show_health"
    assert health["intent"] == "show_activity"
    assert _text(health).startswith(names[2])
    assert _text(again) == _text(opened)
    assert _text(reached).startswith(names[3])
    assert _text(gaps).startswith(names[3])
    assert "第 2/" in _text(first)
    assert _text(more) == _text(worst)


def test_a_list_of_the_worst_ten_of_a_class_holds_its_class_on_the_next_page(insight_bank: Made, rm: str) -> None:
    first, second = insight_bank.turns("成长级客户健康度从低到高排一下", "下一页", by=rm)
    assert "成长级" in first.splitlines()[0]
    assert "第 1/" not in first or "成长级" in second.splitlines()[0]


def test_the_one_compared_with_is_the_one_talked_of(insight_bank: Made, insight_folder: Path, rm: str) -> None:
    mine = [row for row in _persons(insight_folder) if f"rm:{row['rm_id']}" == rm and row["status"] == "active"]
    names = Counter(row["name"] for row in mine)
    one, other = [row["name"] for row in mine if names[row["name"]] == 1][:2]
    first, second, third = insight_bank.turns(f"{one}啥级别", f"跟{other}比呢", "他们为什么分层不同", by=rm)
    assert first.startswith(one)
    assert one in second.splitlines()[0]
    assert other in second.splitlines()[0]
    assert third == second
    assert insight_bank.turns(f"{one}啥级别", f"{other}啥级别", "跟他比呢", by=rm)[2].splitlines()[0] in {
        line.splitlines()[0] for line in insight_bank.turns(f"{one}和{other}为什么分层不同", f"{other}和{one}为什么分层不同", by=rm)
    }


def test_a_line_of_the_day_is_answered_by_its_place(insight_folder: Path, rm: str, tmp_path: Path) -> None:
    shutil.copytree(insight_folder / "data", tmp_path / "data")
    made = Made(tmp_path / "data", DAY)
    first, unfit, later, done, again = made.turns("今天先做什么", "第二个不合适", "把第三个推到明天", "第一个办完了", "今天先做什么", by=rm)
    names = [line.partition("｜")[0].partition(". ")[2] for line in first.splitlines()[1:4]]
    assert f"不合适{names[1]}" in unfit
    assert later.startswith(names[2])
    assert "推到明天" in later
    assert done.startswith(names[0])
    assert "记为完成" in done
    assert "已处理 3 件" in again


def test_a_name_within_a_sentence_is_the_own_customer_and_part_of_a_strangers_name_is_nobody(
    insight_bank: Made, insight_folder: Path, rm: str
) -> None:
    mine = [row for row in _persons(insight_folder) if f"rm:{row['rm_id']}" == rm and row["status"] == "active"]
    names = Counter(row["name"] for row in mine)
    one, other = [row["name"] for row in mine if len(row["name"]) == 2 and names[row["name"]] == 1][:2]
    found, *strangers = insight_bank.turns(
        f"嗯帮我画个{one}最近的健康度图",
        f"{other}的画像",
        f"画一下{one}苇的健康度",
        f"{one}苇健康度多少",
        f"{one}苇平时都买些什么理财",
        by=rm,
    )
    assert found.startswith(one)
    assert all("您名下没有查到" in said for said in strangers[1:]), strangers
