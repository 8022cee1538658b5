"""Who a userid of WeCom is."""

import pytest

from bot.channels.wecom.people import WeComPeople
from domain.errors import BadSettings
from domain.party import Party, Role

LISTED = WeComPeople({"ZhouMin": "rm:S0003"})


@pytest.mark.parametrize("userid", ["ZhouMin", "zhoumin", "ZHOUMIN"])
def test_upper_and_lower_case_are_one_userid(userid: str) -> None:
    assert LISTED.find(userid) == Party(Role.RM, "S0003")
    assert LISTED.staff_id(userid) == "S0003"


def test_the_spelling_of_the_list_is_what_wecom_hears() -> None:
    assert LISTED.userid("S0003") == "ZhouMin"
    assert LISTED.listed() == [("ZhouMin", "S0003")]


def test_whom_the_list_does_not_name_is_nobody_of_the_book() -> None:
    assert LISTED.find("S0004") is None
    assert LISTED.staff_id("S0004") != "S0004"
    assert Party.parse(f"rm:{LISTED.staff_id('S0004')}").id.endswith("S0004")


def test_without_a_list_userids_are_staff_ids() -> None:
    assert WeComPeople({}).staff_id("S0004") == "S0004"
    assert WeComPeople({}).userid("S0004") == "S0004"


def test_one_userid_twice_is_refused() -> None:
    with pytest.raises(BadSettings, match="listed twice"):
        WeComPeople({"ZhouMin": "rm:S0003", "zhoumin": "rm:S0004"})
