"""The business of a company (A08, B06): told with source, confidence and evidence; confirmed and struck by who looks after it."""

import pytest

from crm.assessing.stages import STAGES
from tests.insight.kit import NEEDS, HandBank

_NEEDED = {*(stage.name for stage in NEEDS), "tags", "industry_signs"}
_WHAT = ("溪口进出口这家公司算什么行业", "溪口進出口是做什麼的", "溪口进出口属于哪个行业啊", "查一下溪口进出口的行业")
_ASKED = (
    *_WHAT,
    "竹声软件是不是科创企业",
    "无名有限公司属于科创企业吗",
    "无名有限公司是做什么的",
    "远帆有限公司主营什么业务",
    "张伟算什么行业",
    "把远帆有限公司标为跨境电商",
    "远帆有限公司算什么行业",
    "远帆有限公司是不是外贸企业",
    "出海杂货有限公司算什么行业",
    "溪口进出口有限公司不是外贸企业",
    "溪口进出口是不是外贸企业",
)


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What each question was answered, one after the other."""
    bank = HandBank()
    bank.company("C1", "溪口进出口有限公司", industry="外贸", industry_code="F5181")
    bank.company("C2", "竹声软件有限公司", industry_code="I6513")
    bank.company("C3", "无名有限公司")
    bank.company("C4", "远帆有限公司")
    bank.company("C5", "出海杂货有限公司", industry="跨境电商")
    bank.person("P1", "张伟", birth_date="1985-01-01")
    for month in (6, 7, 8, 9, 10):
        bank.paid("C4", f"2026-{month:02}-15", "-20000.00", kind="exchange")
    for customer, high_tech in (("C2", True), ("C3", True)):
        bank.add("registry", customer_id=customer, as_of="2026-11-01", high_tech=high_tech, trade_licence=False)
    bank.add("consents", customer_id="C2", purpose="registry", granted=True, at="2026-01-05T10:00:00+08:00")
    stages = tuple(stage for stage in STAGES if stage.name in _NEEDED)
    made = bank.made(tmp_path_factory.mktemp("firms"), stages=stages)
    return dict(zip(_ASKED, made.turns(*_ASKED), strict=True))


@pytest.mark.parametrize("asked", _WHAT)
def test_files_tell_the_business_with_source_and_code(said: dict[str, str], asked: str) -> None:
    assert "多半是外贸，把握" in said[asked]
    assert "行内登记：登记的行业是“外贸”" in said[asked]
    assert "国标行业代码 GB/T 4754：代码 F5181" in said[asked]


def test_a_register_is_named_as_such(said: dict[str, str]) -> None:
    assert "算科创企业" in said["竹声软件是不是科创企业"]
    assert "外部登记：高新技术企业（2026-11-01）" in said["竹声软件是不是科创企业"]


def test_without_consent_the_register_tells_nothing(said: dict[str, str]) -> None:
    assert "没看到像科创企业的依据" in said["无名有限公司属于科创企业吗"]
    assert "无数据" in said["无名有限公司是做什么的"]


def test_dealings_alone_make_it_possible_not_sure(said: dict[str, str]) -> None:
    assert "可能是外贸" in said["远帆有限公司主营什么业务"]
    assert "往来推断：结售汇5笔" in said["远帆有限公司主营什么业务"]


def test_selling_abroad_over_a_platform_is_a_business_of_its_own(said: dict[str, str]) -> None:
    assert "多半是跨境电商" in said["出海杂货有限公司算什么行业"]
    assert "外贸" not in said["出海杂货有限公司算什么行业"]


def test_a_person_has_none(said: dict[str, str]) -> None:
    assert "个人客户" in said["张伟算什么行业"]


def test_who_looks_after_it_confirms_and_strikes(said: dict[str, str]) -> None:
    assert "标好了" in said["把远帆有限公司标为跨境电商"]
    assert "跨境电商，把握 95%" in said["远帆有限公司算什么行业"]
    assert "客户经理标注" in said["远帆有限公司算什么行业"]
    assert "说不准，有点像外贸" in said["远帆有限公司是不是外贸企业"]  # one says nothing of the other
    assert "改好了" in said["溪口进出口有限公司不是外贸企业"]
    assert "不算外贸" in said["溪口进出口是不是外贸企业"]
