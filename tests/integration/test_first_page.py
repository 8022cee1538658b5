"""The first page of a sandbox, over banks that are not the one of the demonstration."""

import re
from collections.abc import Callable

from bot.app import App
from bot.web.first_page import first_page
from domain.party import Role


def test_only_those_of_the_stories_who_live_here_are_told_of(house: Callable[..., App]) -> None:
    app = house()
    told, _, others = first_page(app, "").partition("客户经理的工作台")

    assert len(re.findall(r'href="/chat\?as=', told)) == 12  # the bank has three companies: the fourth has a story, too
    assert "听潮五金制品有限公司" in told
    assert "砚溪智能科技有限公司" not in told
    assert others.count('href="/workbench?as=rm') == sum(member.role is Role.RM and member.active for member in _staff(app))


def test_somebody_else_under_the_same_id_is_not_told_of(house: Callable[..., App]) -> None:
    app = house()
    with app.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE customers SET name = '别人' WHERE id = 'C000002'")

    page = first_page(app, "")

    assert "新婚的护士" not in page
    assert "王芳的丈夫" in page
    assert "<b>别人</b><small>C000002 ·" in page  # still somebody to be


def test_a_house_without_facts_says_no_sizes(house: Callable[..., App]) -> None:
    app = house()
    assert "数据截至 2026 年 11 月 23 日" in first_page(app, "")
    (app.settings.data / "facts" / "manifest.json").unlink()
    assert "数据截至" not in first_page(app, "")


def _staff(app: App) -> list:
    with app.store.reading() as records:
        return list(records.book.people())
