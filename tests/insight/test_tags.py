"""Tags (A08, B06): set and contested by who looks after a customer, told by the customer, and read by the stages of the run."""

import shutil
from collections.abc import Callable
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.knowing.tags import rows_for_run
from compliance.days import BANK_ZONE
from crm.assessing.run import assess
from crm.life.judging import LIFE_STAGES
from crm.needs.stages import NEEDS_STAGES
from crm.tags.stage import TAG_STAGES
from domain.audit import AuditRecord
from domain.tags import CustomerTag, TagSource
from storage.engine import Database
from storage.records import SqlStore
from tests.insight.kit import TODAY, HandBank, Made

EVENING = datetime.combine(TODAY, time(20), tzinfo=BANK_ZONE)
STAGES = (*TAG_STAGES, *LIFE_STAGES, *NEEDS_STAGES)


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bank of a few people, taken in and judged before anybody said anything."""
    bank = HandBank()
    bank.person("ZG", "张工", birth_date="1985-05-05")
    bank.person("ZW", "张伟", birth_date="1992-05-05", segments="新婚家庭")
    bank.person("LM", "李梅", birth_date="1994-03-03", gender="female")
    bank.person("LQ", "李强", birth_date="1958-03-03", gender="male")
    bank.company("KJ", "溪口科技有限公司")
    bank.add("staff", staff_id="S2", name="赵远")
    bank.add("staff", staff_id="M1", name="林主任", role="manager")
    bank.person("FR", "别家客户", rm_id="S2")
    root = tmp_path_factory.mktemp("tags")
    bank.made(root, stages=STAGES)
    return root / "data"


@pytest.fixture
def bank(founded: Path, tmp_path: Path) -> Made:
    """A copy to talk in."""
    return Made(Path(shutil.copytree(founded, tmp_path / "data")), TODAY)


def _book(bank: Made, read: Callable[[SqlStore], Any]) -> Any:
    database = Database(f"sqlite:///{bank.data / 'peiban.db'}")
    try:
        return read(SqlStore(database))
    finally:
        database.close()


def _tags(bank: Made, customer_id: str) -> dict[str, CustomerTag]:
    def read(store: SqlStore) -> dict[str, CustomerTag]:
        with store.reading() as records:
            return {tag.tag: tag for tag in records.tags.of(customer_id)}

    found: dict[str, CustomerTag] = _book(bank, read)
    return found


def _audit(bank: Made, customer_id: str) -> list[AuditRecord]:
    def read(store: SqlStore) -> list[AuditRecord]:
        with store.reading() as records:
            return list(records.audit.of_subject(f"customer:{customer_id}"))

    found: list[AuditRecord] = _book(bank, read)
    return found


def _judge(bank: Made) -> None:
    def read(store: SqlStore) -> list[dict[str, Any]]:
        with store.reading() as records:
            return rows_for_run(records, at=EVENING)

    assess(bank.data, stages=STAGES, tags=_book(bank, read))


def _life(bank: Made, customer_id: str) -> str | None:
    stage: str | None = bank.of("stages_of_life", customer_id)[0]["stage"]
    return stage


def _evidence(bank: Made, customer_id: str) -> set[str]:
    return {row["evidence"] for row in bank.of("evidence", customer_id)}


@pytest.mark.parametrize(
    ("text", "customer", "tag"),
    [
        ("把张工标为新婚", "ZG", "newlywed"),
        ("给李梅打个育儿家庭的标签", "LM", "parenting"),
        ("麻烦帮我给李梅加上宝妈标签", "LM", "parenting"),
        ("李强标记成退休吧", "LQ", "retired"),
        ("给溪口科技有限公司贴个高新技术企业标签", "KJ", "tech_firm"),
        ("張偉標為新婚", "ZW", "newlywed"),
    ],
)
def test_an_rm_sets_a_tag_with_source_end_and_audit(bank: Made, text: str, customer: str, tag: str) -> None:
    said = bank.said(text)

    kept = _tags(bank, customer)[tag]
    assert (kept.source, kept.by, kept.at) == (TagSource.RM, "rm:S1", EVENING)
    assert kept.until > EVENING
    assert f"到 {kept.until.date()} 止" in said
    assert [(record.action, record.actor, ("tag", tag) in record.detail) for record in _audit(bank, customer)][-1] == (
        "tag.recorded",
        "rm:S1",
        True,
    )


def test_a_word_that_is_no_tag_is_not_stored_but_the_near_ones_are_offered(bank: Made) -> None:
    first, second = bank.turns("把张工标为新婚族", "1")

    assert "没有“新婚族”" in first
    assert "新婚" in first
    assert "标好了" in second
    assert set(_tags(bank, "ZG")) == {"newlywed"}


def test_a_tag_of_companies_is_not_set_on_a_person(bank: Made) -> None:
    assert "还没标" in bank.said("把张工标为制造企业")
    assert _tags(bank, "ZG") == {}


def test_a_customer_of_somebody_else_cannot_be_marked_nor_looked_at(bank: Made) -> None:
    assert "没有查到这位客户" in bank.said("把别家客户标为新婚")
    assert "没有查到这位客户" in bank.said("mark_tag:FR newlywed")
    assert "没有查到这位客户" in bank.said("contest_tag:FR newlywed")
    assert "没有查到这位客户" in bank.said("别家客户有哪些标签")
    assert _tags(bank, "FR") == {}


def test_which_tags_somebody_has_with_source_confidence_end_and_evidence(bank: Made) -> None:
    bank.said("我家宝宝刚满月", by="customer:ZW")
    said = bank.turns("把张伟标为企业主", "张伟有哪些标签")[1]

    assert "企业主｜客户经理标注，把握 95%，到 2028-11-22 止：把张伟标为企业主（2026-11-23）" in said
    assert "育儿家庭｜客户自述，把握 90%" in said
    assert "我家宝宝刚满月" in said
    assert "新婚家庭｜行内登记" in said
    assert said == bank.said("看看张伟身上有什么标签")


def test_what_is_inferred_is_shown_as_such_and_can_be_confirmed(bank: Made) -> None:
    shown, confirmed = bank.turns("李强的标签", "1")

    assert "银发｜系统推断" in shown
    assert "68 岁" in shown
    assert "标好了：李强，银发" in confirmed or "标好了：李强，退休" in confirmed


@pytest.mark.parametrize("text", ["这个标签不对，张伟没结婚", "张伟还没结婚，把这个标签去掉", "把张伟的新婚标签删了", "张伟的新婚家庭标签打错了", "张伟的新婚去掉"])
def test_a_contested_tag_counts_no_more_also_where_the_bank_says_it(bank: Made, text: str) -> None:
    assert _life(bank, "ZW") == "newlywed"
    assert "newlywed" in _evidence(bank, "ZW")

    said = bank.said(text)
    _judge(bank)

    assert "改好了" in said
    assert _tags(bank, "ZW")["newlywed"].contested_by == "rm:S1"
    assert _audit(bank, "ZW")[-1].action == "tag.contested"
    assert _life(bank, "ZW") != "newlywed"
    assert "newlywed" not in _evidence(bank, "ZW")
    assert "更正过、不再用：新婚" in bank.said("张伟有哪些标签")


def test_who_contested_can_say_otherwise_later(bank: Made) -> None:
    bank.turns("张伟的新婚标签不对", "把张伟标为新婚")

    assert _tags(bank, "ZW")["newlywed"].counts(EVENING)


def test_what_an_rm_confirms_outweighs_what_was_inferred(bank: Made) -> None:
    assert _life(bank, "ZG") != "newlywed"
    bank.said("把张工标为新婚")
    _judge(bank)

    assert _life(bank, "ZG") == "newlywed"
    assert bank.of("stages_of_life", "ZG")[0]["evidence"].split(";")[0] == "tag_said_newlywed"
    assert "newlywed" in _evidence(bank, "ZG")


def test_a_customer_tells_and_is_asked_before_it_is_used(bank: Made) -> None:
    asked, answered = bank.turns("我家宝宝刚满月", "可以", by="customer:LM")

    tag = _tags(bank, "LM")["parenting"]
    assert (tag.source, tag.by, tag.evidence, tag.marketing) == (TagSource.DECLARED, "customer:LM", "我家宝宝刚满月", True)
    assert "跟您提一句吗" in asked
    assert "合适的再跟您说" in answered
    assert [record.action for record in _audit(bank, "LM")] == ["tag.recorded", "tag.use_granted"]
    _judge(bank)
    assert _life(bank, "LM") == "parenting"
    assert "small_child" in _evidence(bank, "LM")


@pytest.mark.parametrize(("answer", "kept", "life"), [("不用了", False, False), ("今天几点关门", None, True)])
def test_without_a_yes_it_is_not_used_to_recommend(bank: Made, answer: str, kept: bool | None, life: bool) -> None:
    bank.turns("我家宝宝刚满月", answer, by="customer:LM")
    _judge(bank)

    assert _tags(bank, "LM")["parenting"].marketing is kept
    assert not {"small_child", "child"} & _evidence(bank, "LM")
    assert any(row["evidence"] == "tag_said_parenting" for row in bank.of("life_evidence", "LM")) is life


def test_a_refusal_of_all_contact_ends_the_use_that_was_granted(bank: Made) -> None:
    bank.turns("我家宝宝刚满月", "可以", "别再给我发广告了", by="customer:LM")
    _judge(bank)

    assert not {"small_child", "child"} & _evidence(bank, "LM")


def test_a_tag_that_ran_out_does_not_count(bank: Made) -> None:
    bank.said("把张工标为新婚", at=EVENING - timedelta(days=800))
    _judge(bank)

    assert "新婚" not in bank.said("张工有哪些标签")
    assert _life(bank, "ZG") != "newlywed"


def test_the_answer_to_a_question_stays_the_answer(bank: Made) -> None:
    plain = bank.said("怎么给他开户？", by="customer:LM")
    both = bank.said("宝宝刚出生，怎么给他开户？", by="customer:LM")

    assert "parenting" in _tags(bank, "LM")
    assert "育儿家庭" not in plain
    assert both.startswith("您好") or both.split("\n")[0]


def test_nothing_is_asked_beside_a_complaint(bank: Made) -> None:
    said = bank.said("我刚生了宝宝，你们转账扣了我两次钱，我要投诉", by="customer:LM")

    assert "parenting" in _tags(bank, "LM")
    assert "提一句" not in said


@pytest.mark.parametrize("text", ["宝宝理财怎么买", "宝宝卡丢了", "我还没结婚", "我没孩子", "我同事结婚"])
def test_what_tells_nothing_tags_nothing(bank: Made, text: str) -> None:
    bank.said(text, by="customer:LM")

    assert _tags(bank, "LM") == {}


def test_a_company_tells_of_itself(bank: Made) -> None:
    said = bank.said("公司刚拿到高新认证", by="customer:KJ")

    assert "科创企业" in said
    assert set(_tags(bank, "KJ")) == {"tech_firm"}


def test_the_same_news_again_does_not_ask_again(bank: Made) -> None:
    said = bank.turns("我退休了", "不用", "我退休了", by="customer:LQ")

    assert "提一句" in said[0]
    assert "提一句" not in said[2]
    assert _tags(bank, "LQ")["retired"].marketing is False


def test_a_customer_sees_what_is_noted_and_strikes_it(bank: Made) -> None:
    bank.said("我家宝宝刚满月", by="customer:LM")
    shown, struck = bank.turns("你们给我打了什么标签", "1", by="customer:LM")

    assert "育儿家庭（您自己说的）" in shown
    assert "划掉了" in struck
    assert not _tags(bank, "LM")["parenting"].counts(EVENING)


def test_the_profile_says_who_said_it(bank: Made) -> None:
    bank.said("我家宝宝刚满月", by="customer:ZW")
    said = bank.said("张伟的画像")

    assert "标签：育儿家庭（自述）、新婚家庭" in said
    assert len(said.splitlines()) <= 12
