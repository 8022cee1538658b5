"""Measuring a search on somebody's labelled file."""

import json
from datetime import date
from pathlib import Path

import pytest

from domain.errors import BadInput
from domain.party import Role
from knowledge.catalogue import Catalogue
from retrieval.evaluate import evaluate_faq, evaluate_questions
from retrieval.search import Search, in_memory
from retrieval.synthetic import catalogue

ON = date(2026, 6, 1)


@pytest.fixture(scope="module")
def base() -> Catalogue:
    return catalogue(20)


@pytest.fixture(scope="module")
def search(base: Catalogue) -> Search:
    return in_memory(base)


def written(path: Path, *records: object) -> Path:
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), encoding="utf-8")
    return path


def test_counts_ranks_and_decisions(base: Catalogue, search: Search, tmp_path: Path) -> None:
    right = [{"question": card.questions[0], "card_ids": [card.id], "role": "rm"} for card in base.cards[:4]]
    wrong = {"question": base.cards[4].questions[0], "card_ids": [base.cards[5].id], "role": "rm"}
    foreign = {"question": "饕餮", "card_ids": []}

    quality = evaluate_questions(written(tmp_path / "q.jsonl", *right, wrong, foreign), search, on=ON)

    assert (quality.questions, quality.unanswerable) == (6, 1)
    assert quality.recall_at_1 == 0.8
    assert quality.false_any == 0.0
    assert quality.ndcg_at_10 is not None
    assert 0.8 < quality.ndcg_at_10 < 1
    assert set(quality.as_record()) >= {"recall_at_3", "direct_precision", "choices_hit"}


def test_shares_of_nothing_are_none(base: Catalogue, search: Search, tmp_path: Path) -> None:
    quality = evaluate_questions(written(tmp_path / "q.jsonl", {"question": "饕餮", "card_ids": []}), search, on=ON)

    assert quality.recall_at_1 is None
    assert quality.direct_precision is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "2: this is not JSON"),
        ("[1]", "2: this is not a JSON object"),
        ('{"question": "", "card_ids": []}', '2: "question" must be a text'),
        ('{"question": "x"}', '2: "card_ids" must be a list'),
        ('{"question": "x", "card_ids": "a"}', '2: "card_ids" must be a list'),
        ('{"question": "x", "card_ids": [true]}', '2: "card_ids" must be a list'),
        ('{"question": "x", "card_ids": ["service-none"]}', "2: no card service-none"),
        ('{"question": "x", "card_ids": [], "role": "king"}', '2: "role" must be one of'),
    ],
)
def test_names_the_line_that_cannot_be_used(search: Search, tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text('{"question": "卡", "card_ids": []}\n' + text + "\n", encoding="utf-8")

    with pytest.raises(BadInput) as refused:
        evaluate_questions(path, search, on=ON)

    assert words in str(refused.value)


def test_refuses_an_empty_or_missing_file(search: Search, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        evaluate_questions(tmp_path / "none", search, on=ON)
    (tmp_path / "empty").write_text("\n\n")
    with pytest.raises(BadInput, match="holds no question"):
        evaluate_questions(tmp_path / "empty", search, on=ON)
    (tmp_path / "latin").write_bytes(b"\xff\xfe")
    with pytest.raises(BadInput, match="not UTF-8"):
        evaluate_questions(tmp_path / "latin", search, on=ON)


@pytest.mark.slow
def test_a_foreign_base_comes_with_its_file(base: Catalogue, tmp_path: Path) -> None:
    documents = [
        {"id": number, "title": card.title, "questions": list(card.questions[1:]), "answer": card.answer + "\n" + card.details}
        for number, card in enumerate(base)
    ]
    queries = [{"question": card.questions[0], "ids": [number]} for number, card in enumerate(base)]

    quality = evaluate_faq(written(tmp_path / "faq.jsonl", *queries, *documents, {"question": "饕餮", "ids": []}))

    assert quality.questions == 21
    assert quality.recall_at_1 is not None
    assert quality.recall_at_1 > 0.9


def test_a_document_may_have_one_question_or_none(tmp_path: Path) -> None:
    path = written(
        tmp_path / "faq.jsonl",
        {"id": "a", "question": "伞在哪里借", "answer": "大堂门口。"},
        {"id": "b", "answer": "饮水机在等候区左手边。"},
        {"question": "哪里能借到伞", "ids": ["a"]},
        {"question": "饮水机", "ids": ["b"]},
    )

    assert evaluate_faq(path).recall_at_1 == 1.0


@pytest.mark.parametrize(
    ("records", "words"),
    [
        ([{"id": "a", "answer": "x"}], "needs documents"),
        ([{"answer": "x"}, {"question": "q", "ids": []}], 'needs an "id"'),
        ([{"id": "a"}, {"question": "q", "ids": []}], 'needs an "answer"'),
        ([{"id": "a", "answer": "x"}, {"id": "a", "answer": "y"}], "stands twice"),
        ([{"id": "a", "answer": "x"}, {"question": "q", "ids": ["z"]}], "no document z"),
        ([{"id": "a", "answer": "x", "questions": [1]}, {"question": "q", "ids": []}], "a list of texts"),
    ],
)
def test_names_what_is_wrong_with_a_foreign_base(tmp_path: Path, records: list[object], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        evaluate_faq(written(tmp_path / "faq.jsonl", *records))


def test_the_retriever_of_langchain_is_bound_to_role_and_day(base: Catalogue, search: Search) -> None:
    from retrieval.retriever import CardRetriever

    hidden = next(card for card in base if Role.CUSTOMER not in card.audience)
    asked = hidden.questions[0]

    for_staff = CardRetriever(search=search, role=Role.RM, on=ON).invoke(asked)
    for_customer = CardRetriever(search=search, role=Role.CUSTOMER, on=ON).invoke(asked)

    assert for_staff[0].metadata["card_id"] == hidden.id
    assert for_staff[0].metadata["approval"] == hidden.approval
    assert hidden.answer in for_staff[0].page_content
    assert hidden.id not in {document.metadata["card_id"] for document in for_customer}
    assert CardRetriever(search=search, role=Role.CUSTOMER, on=ON).invoke("饕餮") == []
