"""RFM asked for in a chat (B02-B04): scores with population, day and version, why, and the amount only after a code."""

import csv
import shutil
from datetime import datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import pyotp
import pytest

from compliance.days import BANK_ZONE
from crm.features.stages import FEATURE_STAGES
from crm.rfm.stages import RFM_STAGES
from handlers.profile_text import money
from tests.insight.kit import TODAY as DAY
from tests.insight.kit import HandBank, Made

STAGES = (*FEATURE_STAGES, *RFM_STAGES)

FIRST = DAY.replace(day=1)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Ten persons and a company; 张伟 deals more often and later than most, and the company of nobody's peers alone."""
    bank = HandBank()
    for number in range(9):
        customer = f"P{number}"
        bank.person(customer, f"路人{'一二三四五六七八九'[number]}")
        for days in range(number + 1):
            bank.paid(customer, FIRST - timedelta(days=10 - number + days), f"-{(number + 1) * 1000}.00")
    bank.paid("P0", DAY - timedelta(days=500))  # the feed is older than the window
    bank.person("ZW", "张伟")
    for days in range(8):
        bank.paid("ZW", DAY - timedelta(days=2 + 20 * days), "-100.00")
    bank.paid("ZW", DAY, "-88.00", initiator="bank", kind="fee")
    bank.person("NEW", "李新", opened_at=f"{DAY - timedelta(days=39)}T10:00:00+08:00").paid("NEW", DAY - timedelta(days=1))
    bank.company("C1", "溪口竹器有限公司").person("NONE", "王静")
    return bank.made(tmp_path_factory.mktemp("town"), stages=STAGES)


@pytest.mark.parametrize("text", ["张伟的RFM", "张伟最近交易怎么样打分", "给张伟的交易打个分", "看看張偉 ＲＦＭ 得分", "rfm 张伟"])
def test_scores_come_with_population_day_version_and_why(town: Made, text: str) -> None:
    said = town.said(text)
    (row,) = town.of("rfm", "ZW")
    assert f"张伟：R{row['r']} F{row['f']} M{row['m']}（个人客群，截至 2026-11-23，切点版本 v2026.11-1）" in said
    assert "2 天前（2026-11-21）" in said
    assert "近 12 个月 8 天有交易" in said
    assert "元" not in said
    assert "万" not in said
    assert "动态口令" in said


def test_him_is_who_was_talked_of(town: Made) -> None:
    first, second = town.turns("张伟的rfm", "他RFM几分")
    assert first == second


def test_why_a_score_is_low_names_what_the_next_one_takes(town: Made) -> None:
    (row,) = town.of("rfm", "P0")
    assert (row["r"], row["f"]) == (1, 1)
    (recency, frequency) = [
        cut for measure in ("r", "f") for cut in town.rows("rfm_cuts") if cut["peers"] == "everybody" and cut["measure"] == measure
    ]
    said = town.said("为什么路人一R只有1分")
    assert f"{recency['q80']:.0f} 天内得 2 分" in said
    assert f"多于 {frequency['q20']:.1f} 天得 2 分" in said
    assert said == town.said("路人一的F怎么这么低")


def test_a_newcomer_is_told_as_one(town: Made) -> None:
    assert "观察期短（40 天）" in town.said("李新RFM多少")


def test_who_never_dealt_and_who_has_nobody_to_compare_with(town: Made) -> None:
    assert "R 从未有过本人交易" in town.said("王静的RFM")
    assert "无数据" in town.said("溪口竹器有限公司的RFM")


def test_what_it_means_and_whose_it_is_not(town: Made) -> None:
    assert "每月 1 号" in town.said("RFM怎么算的")
    assert "没有查到这位客户" in town.said("赵不在的RFM")


def test_a_bank_without_transactions_says_so(tmp_path: Path) -> None:
    made = HandBank().person("P1", "张伟").made(tmp_path, stages=STAGES)
    assert "无数据（截至 2026-11-23），银行没有送来交易数据" in made.said("张伟的RFM")


def test_the_amount_is_shown_after_a_code_and_only_there(insight_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(insight_folder / "data", tmp_path / "data")
    made = Made(tmp_path / "data", DAY)
    with (insight_folder / "files" / "staff_secrets.csv").open(encoding="utf-8") as file:
        secrets = {row["staff_id"]: row["totp_secret"] for row in csv.DictReader(file)}
    with (insight_folder / "files" / "persons.csv").open(encoding="utf-8") as file:
        person = next(row for row in csv.DictReader(file) if row["rm_id"] in secrets and row["status"] == "active")
    customer, rm = person["customer_id"], person["rm_id"]
    (features,) = made.of("features", customer)
    assert features["monetary_12m"] > Decimal(0)
    at = datetime.combine(DAY, time(20), tzinfo=BANK_ZONE)
    code = pyotp.TOTP(secrets[rm]).at(at)
    before, _, _, after = made.turns(f"{customer}的RFM", f"{customer}的资产", code, f"{customer}的RFM", by=f"rm:{rm}", at=at)
    amount = f"近 12 个月收付 {money(features['monetary_12m'])}"
    assert amount in after
    assert amount not in before
    assert "动态口令" not in after
