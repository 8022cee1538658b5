"""What customers tell of themselves, and what only looks like it: sentences of our own, by tag (B06)."""

import pytest

from crm.tags.definitions import definitions
from crm.tags.listening import only_tells, told
from crm.tags.naming import meant_by_denial, near, tag_of
from language.normalise import normalise

PERSONS = {
    "newlywed": (
        "我刚结婚",
        "下个月办婚礼",
        "我们上周领证了",
        "我和女朋友领证了",
        "国庆我结婚了",
        "刚新婚，想存点钱",
        "我们年底办酒席",
        "结婚没多久，手头紧",
        "我跟我对象上个月登记结婚了",
        "明年五一我们结婚",
    ),
    "parenting": (
        "我家宝宝刚满月",
        "女儿上幼儿园了",
        "我老婆昨天生了，是个闺女",
        "我当爸爸了",
        "家里添了个娃",
        "我儿子三岁了",
        "宝宝三个月了怎么买保险",
        "孩子还没满月呢",
        "我家老二快周岁了",
        "我升级当妈了",
        "孩子上小学了，想存教育金",
        "宝宝刚出生,怎么给他开户？",
        "俺家娃半岁了",
        "好不容易有了孩子",
        "我們家寶寶剛滿月",
    ),
    "retired": ("我退休了", "我刚退休", "上个月办了退休手续", "我已经退休两年了", "我是退休教师", "今年刚退下来，想理理钱"),
    "studying_abroad": ("孩子在国外读书", "女儿在英国念大学", "我儿子在澳洲读研，汇钱麻烦", "闺女在新加坡留学"),
    "home_buyer": ("我刚买了套房", "上个月付了首付", "新房正在装修", "拿到新房钥匙了"),
    "owner": ("我开了家小店", "我自己做点小生意", "我是个体户"),
    "student": ("我还在读大学", "我是大三学生"),
    "job_changed": ("我刚换了工作", "上个月跳槽了"),
    "car_owner": ("我刚提了新车",),
}
COMPANIES = {
    "tech_firm": ("公司刚拿到高新认证", "我们高新证书下来了", "今年评上专精特新了", "我们公司是高新技术企业", "刚通过高新技术企业认定"),
    "exporter": ("我们的产品出口到欧洲", "我们公司做外贸的", "厂里今年做起了出口"),
    "cross_border_seller": ("我们开始做亚马逊了", "公司今年做跨境电商", "我们入驻了速卖通"),
    "expanding": ("我们在建新厂房", "厂里新上了两条产线", "我们今年扩产"),
}
PLANS = {
    "plans_abroad": ("想明年送孩子出国", "打算讓女兒去英國讀書", "我家老大准备出国留学", "后年送闺女去加拿大读高中"),
    "plans_home": ("准备买房", "我们最近在看房", "打算換套大點的房子"),
    "plans_renovation": ("我们准备把老房子重新装修", "新房马上要装修了"),
    "plans_car": ("想换辆新能源车", "考虑买车"),
    "plans_education": ("想给孩子存点学费", "我想给我家老二攒教育金"),
}
NO_PLANS = (
    "不打算买房", "我同事想买房", "想送孩子出国旅游", "要是买车的话", "怎么给孩子存教育金", "想买车票", "想买电动车", "帮我儿子同学买房",
    "买房要什么手续", "装修贷怎么申请",
)  # fmt: skip
NOTHING = (
    # names of products, things and places
    "宝宝理财怎么买",
    "宝宝卡丢了",
    "宝宝类基金收益",
    "余额宝和你们哪个好",
    "宝宝存折怎么开",
    "亲子卡怎么办",
    "学生卡能办吗",
    "新婚贷款有吗",
    "高新支行在哪",
    "结婚证丢了怎么补",
    "昨天领证件照",
    "办婚庆公司的贷款",
    # denied
    "我还没结婚",
    "不结婚",
    "我没孩子",
    "我没有孩子",
    "我还没退休",
    "我不是学生",
    "公司没拿到高新",
    # of others
    "我同事结婚",
    "我同事上个月结婚了，要随份子",
    "我朋友刚生了宝宝",
    "我表妹，刚生了孩子",
    "我爸退休了",
    "我女儿结婚，要准备嫁妆",
    "听说隔壁老王家孩子满月",
    "我孙子满月了",
    "我当奶奶了",
    "我朋友开了家店",
    "我弟在美国读书",
    "客户经理结婚了吗",
    "您当妈妈了吗",
    # supposed, planned or long ago
    "等我退休了再说",
    "如果我结婚了呢",
    "打算要孩子",
    "备孕中",
    "我想开店",
    "我快退休了",
    "我以前开过店",
    "我结婚十年了",
    # questions about the matter
    "退休了怎么领养老金",
    "离婚了怎么分存款",
    "领证要带什么",
    "高新认定怎么办",
    "退休金几号到账",
    "什么时候能退休",
    "结婚要花多少钱",
    "孩子要不要买保险",
    # other meanings
    "我生了一场病",
    "我家狗刚生了",
    "猫宝宝满月了",
    "我儿子三十岁了",
    "刚买了理财",
    "我买了基金",
    "生意不好做",
)


@pytest.mark.parametrize(("tag", "text"), [(tag, text) for tag, texts in PERSONS.items() for text in texts])
def test_a_person_tells(tag: str, text: str) -> None:
    assert [one.tag for one in told(normalise(text), kind="person")] == [tag]


@pytest.mark.parametrize(("tag", "text"), [(tag, text) for tag, texts in COMPANIES.items() for text in texts])
def test_a_company_tells(tag: str, text: str) -> None:
    assert [one.tag for one in told(normalise(text), kind="company")] == [tag]


@pytest.mark.parametrize(("tag", "text"), [(tag, text) for tag, texts in PLANS.items() for text in texts])
def test_a_plan_is_heard(tag: str, text: str) -> None:
    assert [one.tag for one in told(normalise(text), kind="person")] == [tag]


@pytest.mark.parametrize("text", NO_PLANS)
def test_what_only_looks_like_a_plan(text: str) -> None:
    assert told(normalise(text), kind="person") == ()


@pytest.mark.parametrize("text", ["公司最近资金周转有点紧", "年底货款收不回来，账上不够", "现金流吃紧"])
def test_a_company_short_of_cash(text: str) -> None:
    assert [one.tag for one in told(normalise(text), kind="company")] == ["short_of_cash"]


@pytest.mark.parametrize("text", NOTHING)
def test_nothing_is_told(text: str) -> None:
    assert told(normalise(text), kind="person") == told(normalise(text), kind="company") == ()


def test_the_clause_that_tells_is_quoted() -> None:
    (one,) = told(normalise("你好，我家宝宝刚满月，怎么开户？"), kind="person")
    assert one.quote == "我家宝宝刚满月"


@pytest.mark.parametrize(
    ("text", "only"), [("我家宝宝刚满月", True), ("我退休了", True), ("我退休了，帮我查余额", False), ("宝宝刚出生怎么开户", False)]
)
def test_news_that_wants_nothing(text: str, only: bool) -> None:
    assert only_tells(normalise(text)) is only


def test_words_for_tags() -> None:
    assert tag_of("“新婚”") == "newlywed"
    assert tag_of("高新技术企业", kind="person") == "tech_firm"
    assert tag_of("制造企业", kind="person") is None
    assert tag_of("") is None
    assert meant_by_denial("没结婚") == "newlywed"
    assert meant_by_denial("没有孩子") == "parenting"
    assert near("新婚族", kind="person")[0] == "newlywed"
    assert near("火星", kind="person") == []


def test_no_two_tags_share_a_name() -> None:
    names = [name for tag in definitions().tags.values() for name in (tag.title, *tag.aliases)]
    assert len(names) == len(set(names))
