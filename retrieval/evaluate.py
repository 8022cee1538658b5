"""How good a search is on somebody's labelled questions.

A file of questions has a JSON object a line, for the base that is searched:

    {"question": "卡丢了咋办", "card_ids": ["service-card-loss"]}
    {"question": "今天天气怎么样", "card_ids": []}              nothing in the base answers this
    {"question": "…", "card_ids": ["case-…"], "role": "rm"}    asked by somebody else than a customer

A file of another bank's questions and answers brings its own base. Lines with an answer are documents, lines with ids are queries, in
any order; ids are texts or whole numbers:

    {"id": "17", "title": "挂失", "questions": ["卡丢了怎么办", "…"], "answer": "先……"}     title may be missing, "question" may be one text
    {"question": "我的卡找不到了", "ids": ["17"]}
"""

import json
import math
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from domain.errors import BadInput
from domain.party import Role
from knowledge.card import Card, CardKind
from knowledge.catalogue import Catalogue
from language.normalise import clip
from retrieval.embedding import Embedder
from retrieval.evidence import Decision, Evidence
from retrieval.opening import open_search
from retrieval.publish import publish
from retrieval.search import Search

_DEPTH: Final = 10
_ALWAYS: Final = (date(2000, 1, 1), date(2100, 1, 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A question with the cards that answer it, none when the base has no answer. `line` is where it stands in its file."""

    question: str
    card_ids: frozenset[str]
    role: Role
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """Shares in 0–1, rounded to 4 digits; None where nothing was asked that it could be a share of.

    `recall_at_*` and `ndcg_at_10` over the questions that have an answer. `direct_coverage` is the share of those that was answered
    directly, `direct_precision` the share of direct answers to them that was right. `choices_hit` is how often a right card was among
    the three offered, `refused` how often an answerable question got none. `false_direct` and `false_any` are the shares of questions
    without an answer that got a direct answer, and any card at all.
    """

    questions: int
    unanswerable: int
    recall_at_1: float | None
    recall_at_3: float | None
    recall_at_10: float | None
    ndcg_at_10: float | None
    direct_coverage: float | None
    direct_precision: float | None
    choices_hit: float | None
    refused: float | None
    false_direct: float | None
    false_any: float | None

    def as_record(self) -> dict[str, object]:
        """The figures as plain JSON values."""
        return asdict(self)


def evaluate_questions(path: Path, search: Search, *, on: date, role: Role = Role.CUSTOMER) -> Quality:
    """Ask every question of the file and compare. Raises BadInput with the line of the first thing that cannot be used."""
    labelled = read_questions(path, role=role)
    for one in labelled:
        unknown = sorted(card_id for card_id in one.card_ids if search.catalogue.find(card_id) is None)
        if unknown:
            raise BadInput(f"{path}:{one.line}: no card {', '.join(unknown)} in the base; correct the id or publish the card")
    return measure(labelled, search, on=on)


def evaluate_faq(
    path: Path,
    *,
    off_topic: Sequence[str] = (),
    embedder: Embedder | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Quality:
    """Publish the documents of the file into a temporary base and ask its queries there. Raises BadInput as `evaluate_questions`."""
    cards, labelled = read_faq(path)
    with tempfile.TemporaryDirectory(prefix="peiban-faq-") as folder:
        publish(Catalogue(cards), Path(folder), off_topic=off_topic, embedder=embedder, progress=progress)
        search = open_search(Path(folder), embedder=embedder)
        return measure(labelled, search, on=_ALWAYS[0])


def measure(labelled: Sequence[Labelled], search: Search, *, on: date) -> Quality:
    """Ask and compare."""
    asked = [(one, search.search(one.question, role=one.role, on=on, k=_DEPTH)) for one in labelled]
    ours = [(one, evidence) for one, evidence in asked if one.card_ids]
    others = [evidence for one, evidence in asked if not one.card_ids]
    ranks = [_rank(one, evidence) for one, evidence in ours]
    direct = [(one, evidence) for one, evidence in ours if evidence.decision is Decision.DIRECT]
    offered = [(one, evidence) for one, evidence in ours if evidence.decision is Decision.CHOICES]
    return Quality(
        questions=len(asked),
        unanswerable=len(others),
        recall_at_1=_share([rank < 1 for rank in ranks]),
        recall_at_3=_share([rank < 3 for rank in ranks]),
        recall_at_10=_share([rank < 10 for rank in ranks]),
        ndcg_at_10=_mean([_ndcg(one, evidence) for one, evidence in ours]),
        direct_coverage=_share([evidence.decision is Decision.DIRECT for _, evidence in ours]),
        direct_precision=_share([_rank(one, evidence) < 1 for one, evidence in direct]),
        choices_hit=_share([_rank(one, evidence) < 3 for one, evidence in offered]),
        refused=_share([evidence.decision is Decision.NONE for _, evidence in ours]),
        false_direct=_share([evidence.decision is Decision.DIRECT for evidence in others]),
        false_any=_share([evidence.decision is not Decision.NONE for evidence in others]),
    )


def _rank(one: Labelled, evidence: Evidence) -> int:
    """The place of the first right card from 0, or 99 beyond the tenth."""
    return next((place for place, hit in enumerate(evidence.hits) if hit.card.id in one.card_ids), 99)


def _ndcg(one: Labelled, evidence: Evidence) -> float:
    gained = sum(1 / math.log2(place + 2) for place, hit in enumerate(evidence.hits[:_DEPTH]) if hit.card.id in one.card_ids)
    return gained / sum(1 / math.log2(place + 2) for place in range(min(len(one.card_ids), _DEPTH)))


def _share(found: Sequence[bool]) -> float | None:
    return _mean([float(one) for one in found])


def _mean(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), 4) if values else None


def read_questions(path: Path, *, role: Role = Role.CUSTOMER) -> tuple[Labelled, ...]:
    """Read a file of questions. Raises BadInput with the line of the first malformed one."""
    labelled = tuple(_labelled(record, "card_ids", path=path, line=line, role=role) for line, record in _records(path))
    if not labelled:
        raise BadInput(f"{path} holds no question; write one JSON object a line")
    return labelled


def read_faq(path: Path) -> tuple[tuple[Card, ...], tuple[Labelled, ...]]:
    """Read a file of documents and queries. Raises BadInput with the line of the first malformed one."""
    cards: dict[str, Card] = {}
    queries: list[Labelled] = []
    for line, record in _records(path):
        if "ids" in record:
            queries.append(_labelled(record, "ids", path=path, line=line, role=Role.CUSTOMER))
            continue
        card = _document(record, path=path, line=line)
        if card.id in cards:
            raise BadInput(f"{path}:{line}: id {card.id} stands twice; give every document its own")
        cards[card.id] = card
    if not cards or not queries:
        raise BadInput(f"{path} needs documents (with id and answer) and queries (with question and ids)")
    for query in queries:
        unknown = sorted(query.card_ids - cards.keys())
        if unknown:
            raise BadInput(f"{path}:{query.line}: no document {', '.join(unknown)}; correct the ids")
    return tuple(cards.values()), tuple(queries)


def _records(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadInput(f"{path} cannot be read ({error.strerror}); give a file of JSON lines") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{path} is not UTF-8; save it as UTF-8") from error
    for line, written in enumerate(text.split("\n"), start=1):
        if not written.strip():
            continue
        try:
            record = json.loads(written)
        except (ValueError, RecursionError) as error:
            raise BadInput(f"{path}:{line}: this is not JSON; write one object a line") from error
        if not isinstance(record, dict):
            raise BadInput(f"{path}:{line}: this is not a JSON object; write {{…}}")
        yield line, record


def _labelled(record: dict[str, Any], ids: str, *, path: Path, line: int, role: Role) -> Labelled:
    question, names, asker = record.get("question"), record.get(ids), record.get("role", role.value)
    if not isinstance(question, str) or not question.strip():
        raise BadInput(f'{path}:{line}: "question" must be a text')
    if not isinstance(names, list) or not all(isinstance(name, str | int) and not isinstance(name, bool) for name in names):
        raise BadInput(f'{path}:{line}: "{ids}" must be a list of ids, empty when nothing answers the question')
    if asker not in {one.value for one in Role}:
        raise BadInput(f'{path}:{line}: "role" must be one of {", ".join(Role)}')
    return Labelled(question=question, card_ids=frozenset(map(str, names)), role=Role(asker), line=line)


def _document(record: dict[str, Any], *, path: Path, line: int) -> Card:
    name, answer, title = record.get("id"), record.get("answer"), record.get("title") or ""
    asked = record.get("questions", record.get("question", []))
    asked = [asked] if isinstance(asked, str) else asked
    if not isinstance(name, str | int) or isinstance(name, bool) or not str(name).strip():
        raise BadInput(f'{path}:{line}: a document needs an "id" (and a query needs "ids")')
    if not isinstance(answer, str) or not answer.strip():
        raise BadInput(f'{path}:{line}: the document needs an "answer"')
    if not isinstance(asked, list) or not all(isinstance(text, str) for text in asked) or not isinstance(title, str):
        raise BadInput(f'{path}:{line}: "title" must be a text and "questions" a list of texts')
    questions = tuple(text.strip() for text in asked if text.strip())
    first, *rest = answer.strip().split("\n", 1)
    return Card(
        id=str(name),
        kind=CardKind.SERVICE,
        title=title.strip() or (questions[0] if questions else clip(first, 20)),
        questions=questions,
        audience=frozenset({Role.CUSTOMER}),
        approval=f"faq-{name}",
        valid_from=_ALWAYS[0],
        valid_until=_ALWAYS[1],
        answer=first,
        details="\n".join(rest),
        path=str(path),
    )
