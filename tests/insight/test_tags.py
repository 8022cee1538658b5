"""Tags (A08, B06): set and contested by who looks after a customer, told by the customer, and read by the stages of the run.

One bank: everybody has their say in it once, then it is judged once more, and the tests look at what came of it.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

import pytest

from bot.app import build
from bot.commands.chat import one_turn
from bot.knowing.tags import rows_for_run
from compliance.days import BANK_ZONE
from config.settings import Settings
from crm.assessing.run import assess
from crm.assessing.stage import Stage
from crm.features.stages import RELATIVES
from crm.life.judging import LIFE_STAGES
from crm.needs.people import people_rows
from crm.tags.stage import TAG_STAGES
from domain.party import Party
from domain.tags import CustomerTag, TagSource
from storage.engine import Database
from storage.records import SqlStore
from tests.insight.kit import TODAY, HandBank, Made

EVENING = datetime.combine(TODAY, time(20), tzinfo=BANK_ZONE)
#: What needs are told from of a person's own circumstances, without the other stages of needs.
PEOPLE = Stage(name="people", title="个人情况", key=("customer_id", "evidence"), build=people_rows)
STAGES = (RELATIVES, *TAG_STAGES, *LIFE_STAGES, PEOPLE)

MARKED = {
    "把张工标为新婚": ("ZG", "newlywed"),
    "给李梅打个育儿家庭的标签": ("LM", "parenting"),
    "麻烦帮我给周宝加上宝妈标签": ("ZB", "parenting"),
    "李强标记成退休吧": ("LQ", "retired"),
    "给溪口竹器厂贴个高新技术企业标签": ("ZQ", "tech_firm"),
    "王強標為新婚": ("WQ", "newlywed"),
    "给吴军贴上企业主": ("WJ", "owner"),
}
CONTESTED = {
    "这个标签不对，张伟没结婚": "D0",
    "刘洋还没结婚，把这个标签去掉": "D1",
    "把陈晨的新婚标签删了": "D2",
    "杨帆的新婚家庭标签打错了": "D3",
    "黄河的新婚去掉": "D4",
    "把新婚标签给何苗去掉": "D5",
}
NAMES = ("张伟", "刘洋", "陈晨", "杨帆", "黄河", "何苗")
NOTHING = ("宝宝理财怎么买", "宝宝卡丢了", "我还没结婚", "我没孩子", "我同事结婚")
NEWS = "我家宝宝刚满月"
QUESTION = "我宝宝刚出生，存款证明怎么开"


@dataclass
class Told:
    """The bank with what was answered to each (speaker, text), the last time, and every tag."""

    made: Made
    before: dict[str, str | None]
    answers: dict[tuple[str, str], str]
    tags: dict[tuple[str, str], CustomerTag]
    audit: dict[str, list[str]]

    def life(self, customer_id: str) -> str | None:
        stage: str | None = self.made.of("stages_of_life", customer_id)[0]["stage"]
        return stage

    def needs(self, customer_id: str) -> set[str]:
        return {row["evidence"] for row in self.made.of("people", customer_id)}

    def of(self, customer_id: str) -> set[str]:
        return {tag for customer, tag in self.tags if customer == customer_id}


def _founded() -> HandBank:
    bank = HandBank()
    bank.add("staff", staff_id="S2", name="赵远")
    for customer, name in (("ZG", "张工"), ("ZB", "周宝"), ("WQ", "王强"), ("WJ", "吴军"), ("OLD", "郑时"), ("NT", "平常")):
        bank.person(customer, name, birth_date="1985-05-05")
    for customer, name in (
        ("LM", "李梅"),
        ("YES", "肯定"),
        ("NO", "否定"),
        ("NEVER", "未答"),
        ("STOP", "停发"),
        ("ASK", "问的"),
        ("CMP", "诉的"),
    ):
        bank.person(customer, name, birth_date="1994-03-03", gender="female")
    bank.person("LQ", "李强", birth_date="1958-03-03").person("SEE", "沈看", birth_date="1992-05-05", segments="新婚家庭")
    for number, name in enumerate(NAMES):
        bank.person(f"D{number}", name, birth_date="1992-05-05", segments="新婚家庭")
    bank.company("ZQ", "溪口竹器厂").company("KJ", "溪口科技有限公司")
    return bank.person("FR", "别家客户", rm_id="S2")


def _sayings() -> list[tuple[str, str]]:
    rm = "rm:S1"
    sayings = [(rm, text) for text in (*MARKED, *CONTESTED)]
    sayings += [
        (rm, text)
        for text in ("把平常标为新婚族", "把平常标为制造企业", "把别家客户标为新婚", "mark_tag:FR newlywed", "contest_tag:FR newlywed")
    ]
    sayings += [("customer:YES", NEWS), ("customer:YES", "可以"), ("customer:NO", NEWS), ("customer:NO", "不用了"), ("customer:NO", NEWS)]
    sayings += [("customer:NEVER", NEWS), ("customer:NEVER", "今天几点关门")]
    sayings += [("customer:STOP", NEWS), ("customer:STOP", "可以"), ("customer:STOP", "别再给我发广告了")]
    sayings += [("customer:ZQ", QUESTION), ("customer:ASK", QUESTION)]
    sayings += [("customer:CMP", "我刚生了宝宝，你们转账扣了我两次钱，我要投诉"), ("customer:KJ", "公司刚拿到高新认证")]
    sayings += [("customer:NT", text) for text in NOTHING]
    sayings += [
        ("customer:SEE", NEWS),
        (rm, "把沈看标为企业主"),
        (rm, "沈看有哪些标签"),
        (rm, "沈看的画像"),
        ("customer:SEE", "你们给我打了什么标签"),
    ]
    sayings += [("customer:ZB", "别记我有孩子"), (rm, "李强的标签"), (rm, "黄河有哪些标签"), (rm, "别家客户有哪些标签")]
    return [*sayings, (rm, "张伟的新婚标签不对"), (rm, "把何苗标为新婚")]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Founded and judged, talked in, judged again."""
    made = _founded().made(tmp_path_factory.mktemp("tags"), stages=STAGES)
    before = {row["customer_id"]: row["stage"] for row in made.rows("stages_of_life")}
    _talk(made, [("rm:S1", "把郑时标为新婚")], at=EVENING - timedelta(days=800))
    answers = _talk(made, _sayings(), at=EVENING)
    database = Database(f"sqlite:///{made.data / 'peiban.db'}")
    with SqlStore(database).reading() as records:
        rows = rows_for_run(records, at=EVENING)
        tags = {(tag.customer_id, tag.tag): tag for tag in records.tags.everything()}
        audit = {
            customer.id: [record.action for record in records.audit.of_subject(f"customer:{customer.id}")]
            for customer in records.book.customers()
        }
    database.close()
    assess(made.data, stages=STAGES, tags=rows)
    return Told(made=made, before=before, answers=answers, tags=tags, audit=audit)


def _talk(made: Made, sayings: list[tuple[str, str]], *, at: datetime) -> dict[tuple[str, str], str]:
    answers = {}
    with build(Settings(data=made.data, sandbox=True), clock=lambda: at) as app:
        for by, text in sayings:
            body: dict[str, Any] = dict(one_turn(app, app.known(Party.parse(by)), text))
            answers[(by, text)] = "\n".join(str(reply["text"]) for reply in body["replies"])
    return answers


@pytest.mark.parametrize("text", MARKED)
def test_an_rm_sets_a_tag_with_source_end_and_audit(told: Told, text: str) -> None:
    customer, tag = MARKED[text]
    kept = told.tags[(customer, tag)]
    assert (kept.source, kept.by, kept.at, kept.evidence) == (TagSource.RM, "rm:S1", EVENING, text)
    assert kept.until > EVENING
    assert f"到 {kept.until.date()} 止" in told.answers[("rm:S1", text)]
    assert "tag.recorded" in told.audit[customer]


def test_a_word_that_is_no_tag_is_not_stored_but_the_near_ones_are_offered(told: Told) -> None:
    said = told.answers[("rm:S1", "把平常标为新婚族")]
    assert "没有“新婚族”" in said
    assert "1. 新婚" in said
    assert "还没标" in told.answers[("rm:S1", "把平常标为制造企业")]  # a tag of companies
    assert told.of("NT") == set()


@pytest.mark.parametrize("text", ["把别家客户标为新婚", "mark_tag:FR newlywed", "contest_tag:FR newlywed", "别家客户有哪些标签"])
def test_a_customer_of_somebody_else_cannot_be_marked_nor_looked_at(told: Told, text: str) -> None:
    assert "没有查到这位客户" in told.answers[("rm:S1", text)]
    assert told.of("FR") == set()


def test_which_tags_somebody_has_with_source_confidence_end_and_evidence(told: Told) -> None:
    said = told.answers[("rm:S1", "沈看有哪些标签")]
    assert "企业主｜客户经理标注，把握 95%，到 2028-11-22 止：把沈看标为企业主（2026-11-23）" in said
    assert "育儿家庭｜客户自述，把握 90%" in said
    assert NEWS in said
    assert "新婚家庭｜行内登记" in said


def test_the_profile_says_who_said_it(told: Told) -> None:
    said = told.answers[("rm:S1", "沈看的画像")]
    assert "标签：企业主（经理标）、育儿家庭（自述）、新婚家庭" in said
    assert len(said.splitlines()) <= 12


def test_what_is_inferred_is_shown_as_such(told: Told) -> None:
    assert told.before["LM"] != told.before["LQ"] == "silver"
    assert "系统推断" not in told.answers[("rm:S1", "李强的标签")]  # he was marked as retired, which says the same


@pytest.mark.parametrize("text", CONTESTED)
def test_a_contested_tag_counts_no_more_also_where_the_bank_says_it(told: Told, text: str) -> None:
    customer = CONTESTED[text]
    assert told.before[customer] == "newlywed"
    assert "改好了" in told.answers[("rm:S1", text)]
    assert "tag.contested" in told.audit[customer]
    if customer == "D5":  # marked again afterwards: the last word counts
        assert told.tags[(customer, "newlywed")].counts(EVENING)
        assert told.life(customer) == "newlywed"
        return
    assert told.tags[(customer, "newlywed")].contested_by == "rm:S1"
    assert told.life(customer) != "newlywed"
    assert "newlywed" not in told.needs(customer)


def test_what_was_contested_is_shown_as_such(told: Told) -> None:
    assert "更正过、不再用：新婚" in told.answers[("rm:S1", "黄河有哪些标签")]


def test_what_an_rm_confirms_outweighs_what_was_inferred(told: Told) -> None:
    assert told.before["ZG"] != "newlywed"
    assert told.life("ZG") == "newlywed"
    assert told.made.of("stages_of_life", "ZG")[0]["evidence"].split(";")[0] == "tag_said_newlywed"
    assert "newlywed" in told.needs("ZG")
    assert "retired" in told.needs("LQ")


def test_a_tag_that_ran_out_does_not_count(told: Told) -> None:
    assert ("OLD", "newlywed") in told.tags
    assert told.life("OLD") == told.before["OLD"] != "newlywed"
    assert "newlywed" not in told.needs("OLD")


def test_a_customer_tells_and_is_asked_before_it_is_used(told: Told) -> None:
    tag = told.tags[("YES", "parenting")]
    assert (tag.source, tag.by, tag.evidence, tag.marketing) == (TagSource.DECLARED, "customer:YES", NEWS, True)
    assert "跟您提一句吗" in told.answers[("customer:YES", NEWS)]
    assert "合适的再跟您说" in told.answers[("customer:YES", "可以")]
    assert [action for action in told.audit["YES"] if action.startswith("tag.")] == ["tag.recorded", "tag.use_granted"]
    assert told.life("YES") == "parenting"
    assert "small_child" in told.needs("YES")


def test_without_a_yes_it_is_not_used_to_recommend(told: Told) -> None:
    assert (told.tags[("NO", "parenting")].marketing, told.tags[("NEVER", "parenting")].marketing) == (False, None)
    assert not {"small_child", "child"} & (told.needs("NO") | told.needs("NEVER"))
    said = {row["customer_id"] for row in told.made.rows("life_evidence") if row["evidence"] == "tag_said_parenting"}
    assert "NEVER" in said
    assert "NO" not in said


def test_the_same_news_again_is_not_asked_again(told: Told) -> None:
    assert "提一句" not in told.answers[("customer:NO", NEWS)]


def test_a_refusal_of_all_contact_ends_the_use_that_was_granted(told: Told) -> None:
    assert told.tags[("STOP", "parenting")].marketing is True
    assert not {"small_child", "child"} & told.needs("STOP")


def test_the_answer_to_a_question_stays_the_answer(told: Told) -> None:
    """A company has no baby, so nothing is told there: what it is answered is what a person is answered too."""
    answer, both = told.answers[("customer:ZQ", QUESTION)], told.answers[("customer:ASK", QUESTION)]
    assert told.of("ASK") == {"parenting"}
    assert told.of("ZQ") == {"tech_firm"}
    assert both.startswith(answer)


def test_nothing_is_asked_beside_a_complaint(told: Told) -> None:
    assert told.of("CMP") == {"parenting"}
    assert "提一句" not in told.answers[("customer:CMP", "我刚生了宝宝，你们转账扣了我两次钱，我要投诉")]


def test_a_company_tells_of_itself(told: Told) -> None:
    assert "科创企业" in told.answers[("customer:KJ", "公司刚拿到高新认证")]
    assert told.of("KJ") == {"tech_firm"}


def test_a_customer_sees_what_is_noted_and_strikes_it(told: Told) -> None:
    assert "育儿家庭（您自己说的）" in told.answers[("customer:SEE", "你们给我打了什么标签")]
    assert "划掉了" in told.answers[("customer:ZB", "别记我有孩子")]
    assert told.tags[("ZB", "parenting")].contested_by == "customer:ZB"
    assert told.life("ZB") != "parenting"
