"""Reading card files: whole ones become cards, the others say in one line each what to do."""

from datetime import date
from pathlib import Path

import pytest

from domain.errors import BadInput
from domain.party import Role
from knowledge.card import CardKind, CardLink
from knowledge.loader import load, parse, read

CARD = """---
id: service-umbrella
kind: service
title: 借把伞
questions:
  - 下雨了能借伞吗
  - 网点有没有伞
audience: [customer, rm]
segments: []
needs: [comfort]
approval: APR-1
valid_from: 2026-01-01
valid_until: 2027-01-01
sources: [自撰]
ask: 您在哪个网点？
---
大堂门口有爱心伞，
登记手机号就能借。

第二段也算展开。

## 展开

七天内还到任一网点。
"""


def without(name: str) -> str:
    return "\n".join(line for line in CARD.split("\n") if not line.startswith(f"{name}:"))


def test_reads_every_field_of_a_card() -> None:
    card, problems = parse(CARD, path="umbrella.md")

    assert problems == ()
    assert card is not None
    assert (card.id, card.kind, card.title) == ("service-umbrella", CardKind.SERVICE, "借把伞")
    assert card.questions == ("下雨了能借伞吗", "网点有没有伞")
    assert card.audience == {Role.CUSTOMER, Role.RM}
    assert card.answer == "大堂门口有爱心伞，登记手机号就能借。"
    assert card.details == "第二段也算展开。\n\n七天内还到任一网点。"
    assert (card.needs, card.ask, card.product) == (("comfort",), "您在哪个网点？", None)
    assert card.line("approval") == 11


@pytest.mark.parametrize("to", ["branches", "risk-test", "https://www.bank.example/branches?city=1"])
def test_a_card_may_lead_to_a_page(to: str) -> None:
    card, problems = parse(CARD.replace("ask: ", f'link: {{label: 网点查询, to: "{to}"}}\nask: '))

    assert problems == ()
    assert card is not None
    assert card.link == CardLink(label="网点查询", to=to)


def test_a_card_holds_from_its_first_day_until_the_day_before_its_last() -> None:
    card, _ = parse(CARD)
    assert card is not None

    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1)]

    assert [card.valid_on(day) for day in days] == [False, True, True, False]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (without("approval"), 1, "missing approval"),
        (CARD.replace("approval:", "aproval:"), 11, "unknown field aproval"),
        (CARD.replace("[customer, rm]", "[customer, vip]"), 8, "audience has vip"),
        (CARD.replace("kind: service", "kind: poem"), 3, "kind must be one of"),
        (CARD.replace("2027-01-01", "2025-01-01"), 13, "valid_until must be after valid_from"),
        (CARD.replace("2027-01-01", "soon"), 13, "valid_until must be a date"),
        (CARD.replace("2027-01-01", "2026-02-30"), 1, "not YAML"),
        (CARD.replace("title: 借把伞", "title: [借把伞"), 5, "not YAML"),
        (CARD.replace("title: 借把伞", "title:"), 4, "title must be a text"),
        (CARD.replace("title: 借把伞", "title: 借把伞\ntitle: 伞"), 5, "given twice"),
        (CARD.split("---\n大堂", maxsplit=1)[0] + "---\n", 17, "there is no answer"),
        (CARD.replace("sources: [自撰]\nask: 您在哪个网点？\n---", "sources: [自撰]"), 1, "not closed"),
        (CARD.replace("ask:", "link: branches\nask:"), 15, "link must be written {label"),
        (CARD.replace("ask:", "link: {label: 看, url: branches}\nask:"), 15, "link must be written {label"),
        (CARD.replace("ask:", "link: {label: '', to: branches}\nask:"), 15, "link must be a text"),
        (CARD.replace("ask:", "link: {label: 看, to: 'http://bank.example'}\nask:"), 15, "link leads to 'http://bank.example'"),
        (CARD.replace("ask:", "link: {label: 看, to: /branches}\nask:"), 15, "link leads to '/branches'"),
        ("just text", 1, "must begin with front matter"),
        ("---\n- a\n- b\n---\nx", 2, "name: value"),
        ("", 1, "must begin with front matter"),
    ],
)
def test_names_the_line_and_what_to_do(text: str, line: int, words: str) -> None:
    card, problems = parse(text, path="umbrella.md")

    assert card is None
    assert any(problem.line == line and words in problem.message for problem in problems), [str(one) for one in problems]


def test_collects_every_problem_of_every_file(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "one.md").write_text(without("approval").replace("[customer, rm]", "[vip]"), encoding="utf-8")
    (tmp_path / "two.md").write_bytes("é".encode("latin-1"))
    (tmp_path / "three.md").write_text(CARD, encoding="utf-8")
    (tmp_path / "four.md").write_text(CARD, encoding="utf-8")
    (tmp_path / "README.md").write_text("not a card", encoding="utf-8")

    reading = read(tmp_path)

    assert [card.id for card in reading.cards] == ["service-umbrella"]
    assert {problem.path for problem in reading.problems} == {"a/one.md", "two.md", "three.md"}
    with pytest.raises(BadInput) as refused:
        load(tmp_path)
    assert len(str(refused.value).split("\n")) == len(reading.problems) == 4


def test_refuses_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="there is no card folder"):
        load(tmp_path / "nowhere")


def test_reads_files_with_windows_line_ends_and_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "card.md").write_bytes(b"\xef\xbb\xbf" + CARD.replace("\n", "\r\n").encode())

    assert len(load(tmp_path)) == 1


def test_yaml_tags_build_nothing() -> None:
    card, problems = parse(CARD.replace("title: 借把伞", "title: !!python/object/apply:os.getcwd []"))

    assert card is None
    assert "not YAML" in problems[0].message
