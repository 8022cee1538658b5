"""What a reviewer would send back. Every check has a card that passes and one that does not."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from domain.party import Role
from knowledge.card import Card, CardKind, CardLink
from knowledge.lint import lint, lint_folder

GOOD = Card(
    id="service-umbrella",
    kind=CardKind.SERVICE,
    title="借把伞",
    questions=("下雨了能借伞吗", "网点有没有伞", "借伞要押金不", "伞借了几天还", "没带伞怎么办呀"),
    audience=frozenset({Role.CUSTOMER}),
    approval="APR-1",
    valid_from=date(2026, 1, 1),
    valid_until=date(2027, 1, 1),
    sources=("自撰",),
    answer="大堂门口有爱心伞，登记手机号就能借。",
)
OTHER = replace(
    GOOD,
    id="service-water",
    title="喝口水",
    questions=("口渴了有水吗", "饮水机在哪", "能接热水不", "纸杯用完了", "想泡个茶可以吗"),
    approval="APR-2",
    answer="等候区左手边有饮水机。",
)


def messages(*cards: Card, on: date | None = None) -> str:
    return "\n".join(str(problem) for problem in lint(cards, on=on))


def test_good_cards_pass() -> None:
    assert lint([GOOD, OTHER], on=date(2026, 6, 1)) == []


@pytest.mark.parametrize(
    ("card", "words"),
    [
        (replace(GOOD, title="一个长得按钮上怎么也放不下的标题"), "the title has 16 characters"),
        (replace(GOOD, answer="好" * 121), "the answer has 121 characters"),
        (replace(GOOD, questions=GOOD.questions[:4]), "only 4 questions"),
        (replace(GOOD, questions=()), "questions is missing"),
        (replace(GOOD, approval=""), "approval is missing"),
        (replace(GOOD, audience=frozenset()), "audience is missing"),
        (replace(GOOD, audience=frozenset({Role.BOT})), "unknown audience bot"),
        (replace(GOOD, id="umbrella"), "must begin with its kind"),
        (replace(GOOD, valid_until=date(2025, 1, 1)), "must be after"),
        (replace(GOOD, answer="这款年化收益率3.5%。"), "a rate or yield in prose"),
        (replace(GOOD, answer="三年期利率为２．６％。"), "a rate or yield in prose"),
        (replace(GOOD, details="预期百分之四的年化。"), "a rate or yield in prose"),
        (replace(GOOD, details="放心买，保本。"), "'保本' may not be said"),
        (replace(GOOD, link=CardLink(label="附近的网点在哪里呀", to="branches")), "the link's label has 9 characters"),
        (replace(GOOD, link=CardLink(label="保本好去处", to="branches")), "'保本' may not be said"),
        (replace(GOOD, ask="要不要试试稳赚的？"), "'稳赚' may not be said"),
    ],
)
def test_names_what_is_wrong(card: Card, words: str) -> None:
    assert words in messages(card)


@pytest.mark.parametrize(
    "answer", ["理财不保本，跌了要自己承担。", "谁承诺保本都别信。", "首付一般不低于20%，以当地政策为准。", "理财没有零风险的。"]
)
def test_lets_pass_what_is_denied_or_is_no_yield(answer: str) -> None:
    assert lint([replace(GOOD, answer=answer)]) == []


def test_names_the_expired_only_for_a_day() -> None:
    assert "expired on 2027-01-01" in messages(GOOD, on=date(2027, 1, 1))
    assert messages(GOOD, on=date(2026, 12, 31)) == ""


def test_names_what_stands_twice() -> None:
    twice = replace(OTHER, approval="APR-1", questions=(*OTHER.questions, "網點有沒有傘？"))

    found = messages(GOOD, twice)

    assert "approval APR-1 belongs to service-umbrella" in found
    assert "is also asked in service-umbrella" in found
    assert "id service-umbrella is taken" in messages(GOOD, GOOD)


def test_names_questions_of_two_cards_that_hardly_differ() -> None:
    alike = replace(OTHER, questions=(*OTHER.questions, "下雨了能借伞吗谢谢"))

    assert "nearly a question of service-umbrella" in messages(GOOD, alike)
    assert messages(GOOD, replace(alike, audience=frozenset({Role.RM}))) == ""


def test_asks_the_judge_about_every_text() -> None:
    seen: list[str] = []

    def judge(text: str) -> list[str]:
        seen.append(text)
        return ["太热情"] if "伞" in text and "登记" in text else []

    problems = lint([replace(GOOD, details="细节", ask="哪天来？", link=CardLink(label="网点", to="branches"))], judge=judge)

    assert [problem.message for problem in problems] == ["太热情"]
    assert set(seen) == {GOOD.title, GOOD.answer, "细节", "哪天来？", "网点", "branches"}


def test_the_cards_of_the_house_pass() -> None:
    folder = Path(__file__).parents[3] / "knowledge" / "cards"

    assert [str(problem) for problem in lint_folder(folder, on=date(2026, 12, 1))] == []
