"""What a reviewer would send back: checks over a whole base of cards. The loader says what cannot be read, this what should not be said.

The bank's compliance rules are not repeated here: whoever holds them hands in `judge`, which names what is wrong with a text.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from knowledge.card import AUDIENCES, Card, Problem
from knowledge.loader import read
from language.normalise import fold, normalise

LONGEST_TITLE: Final = 14
LONGEST_ANSWER: Final = 120
LONGEST_LABEL: Final = 8
FEWEST_QUESTIONS: Final = 5
#: Two questions of different cards that share more than this of the shorter one's character pairs will be mistaken for each other.
TOO_ALIKE: Final = 0.9
_SHORTEST_ALIKE: Final = 6  # characters; below this a question is too short to say how alike it is

_ABOUT: Final = r"(?:利率|年化|收益率?|利息|回报|费率|手续费|业绩比较基准)"
_NUMBER: Final = r"(?:\d+(?:\.\d+)?\s*(?:%|‰|个点|厘|bp)|[百千万]分之[零〇一二三四五六七八九十点\d]+)"
_FIGURE: Final = re.compile(rf"{_ABOUT}[^。；;，,\n]{{0,12}}?{_NUMBER}|{_NUMBER}[^。；;，,\n]{{0,8}}?{_ABOUT}")
_FORBIDDEN: Final = (
    "保本",
    "稳赚",
    "零风险",
    "无风险",
    "保收益",
    "包赚",
    "只赚不赔",
    "秒批",
    "必批",
    "限时抢购",
    "手慢无",
    "最高收益",
    "刚性兑付",
    "躺赚",
)
#: Saying that something is not so is what an honest card does.
_DENIED: Final = re.compile(r"(?:(?<![要能是好会])不(?![要妨如])|没有|并非|绝非|谁|声称|宣传|所谓|号称|喊)[^。；;，,\n]{0,6}$")

Judge = Callable[[str], Sequence[str]]
Check = Callable[[Card], Iterator[tuple[str, str]]]


def lint_folder(folder: Path, *, on: date | None = None, judge: Judge | None = None) -> tuple[Problem, ...]:
    """Everything wrong with the card files below a folder, by file and line."""
    reading = read(folder)
    problems = [*reading.problems, *lint(reading.cards, on=on, judge=judge)]
    return tuple(sorted(problems, key=lambda problem: (problem.path, problem.line, problem.message)))


def lint(cards: Iterable[Card], *, on: date | None = None, judge: Judge | None = None) -> list[Problem]:
    """Everything wrong with the cards. With `on` also those that have expired by then; with `judge` what it says of each text."""
    base = sorted(cards, key=lambda card: (card.id, card.path))
    problems = [_problem(card, name, message) for card in base for check in _CHECKS for name, message in check(card)]
    if on is not None:
        problems += [
            _problem(card, "valid_until", f"expired on {card.valid_until}; renew the approval or remove the card")
            for card in base
            if card.valid_until <= on
        ]
    if judge is not None:
        problems += [_problem(card, name, reason) for card in base for name, text in _texts(card) for reason in judge(text)]
    problems += _duplicates(base)
    problems += _alike(base)
    return sorted(problems, key=lambda problem: (problem.path, problem.card_id, problem.line, problem.message))


def _problem(card: Card, name: str, message: str) -> Problem:
    return Problem(path=card.path, line=card.line(name), card_id=card.id, message=message)


def _texts(card: Card) -> Iterator[tuple[str, str]]:
    """The texts that may be said, with the field they stand in."""
    yield "title", card.title
    yield "answer", card.answer
    yield "answer", card.details
    if card.ask:
        yield "ask", card.ask
    if card.link:
        yield "link", card.link.label
        yield "link", card.link.to


def _complete(card: Card) -> Iterator[tuple[str, str]]:
    for name in ("id", "title", "questions", "audience", "approval", "sources", "answer"):
        if not getattr(card, name):
            yield name, f"{name} is missing; add it"


def _sized(card: Card) -> Iterator[tuple[str, str]]:
    if len(card.title) > LONGEST_TITLE:
        yield "title", f"the title has {len(card.title)} characters; it is a button, at most {LONGEST_TITLE}"
    if len(card.answer) > LONGEST_ANSWER:
        yield "answer", f"the answer has {len(card.answer)} characters; at most {LONGEST_ANSWER}, move the rest below ## 展开"
    if card.link and len(card.link.label) > LONGEST_LABEL:
        yield "link", f"the link's label has {len(card.link.label)} characters; it is a button, at most {LONGEST_LABEL}"
    if len(card.questions) < FEWEST_QUESTIONS:
        yield "questions", f"only {len(card.questions)} questions; give at least {FEWEST_QUESTIONS} in customers' own words"


def _addressed(card: Card) -> Iterator[tuple[str, str]]:
    unknown = sorted(str(role) for role in card.audience if role not in AUDIENCES)
    if unknown:
        yield "audience", f"unknown audience {', '.join(unknown)}; allowed: {', '.join(sorted(AUDIENCES))}"
    if not card.id.startswith(card.kind.value + "-"):
        yield "id", f"the id must begin with its kind, as in {card.kind.value}-…"
    if not card.valid_from < card.valid_until:
        yield "valid_until", "valid_until must be after valid_from"


def _worded(card: Card) -> Iterator[tuple[str, str]]:
    for name, written in _texts(card):
        text = normalise(written)
        for found in _FIGURE.finditer(text):
            yield name, f"a rate or yield in prose ({found.group()}); figures come from the product master"
        for word in _FORBIDDEN:
            for start in (found.start() for found in re.finditer(word, text)):
                if not _DENIED.search(text[:start]):
                    yield name, f"'{word}' may not be said; write what is true instead"


_CHECKS: Final[tuple[Check, ...]] = (_complete, _sized, _addressed, _worded)


def _duplicates(cards: Sequence[Card]) -> Iterator[Problem]:
    """Ids, approvals and questions that stand twice."""
    ids: dict[str, Card] = {}
    approvals: dict[str, Card] = {}
    questions: dict[str, Card] = {}
    for card in cards:
        if card.id in ids:
            yield _problem(card, "id", f"id {card.id} is taken by {ids[card.id].path or 'another card'}; choose another")
        if card.approval and card.approval in approvals:
            yield _problem(card, "approval", f"approval {card.approval} belongs to {approvals[card.approval].id}; one approval, one card")
        for number, question in enumerate(card.questions):
            key = fold(question)
            if key in questions:
                yield _problem(card, f"questions.{number}", f"'{question}' is also asked in {questions[key].id}; keep it in one card")
            questions.setdefault(key, card)
        ids.setdefault(card.id, card)
        approvals.setdefault(card.approval, card)


def _alike(cards: Sequence[Card]) -> Iterator[Problem]:
    """Questions of different cards for one audience that hardly differ. Compares only pairs that share a rare character pair."""
    asked = [(card, number, pairs) for card in cards for number, text in enumerate(card.questions) if (pairs := _pairs(text))]
    holders: dict[str, list[int]] = {}
    for place, (_, _, pairs) in enumerate(asked):
        for pair in sorted(pairs):
            holders.setdefault(pair, []).append(place)
    for place, (card, number, pairs) in enumerate(asked):
        shared: dict[int, int] = {}
        for pair in sorted(pairs):
            for other in holders[pair]:
                if other < place:
                    shared[other] = shared.get(other, 0) + 1
        for other, count in sorted(shared.items()):
            earlier, _, its_pairs = asked[other]
            if earlier.id == card.id or not earlier.audience & card.audience or pairs == its_pairs:
                continue
            if count > TOO_ALIKE * min(len(pairs), len(its_pairs)):
                yield _problem(
                    card, f"questions.{number}", f"'{card.questions[number]}' is nearly a question of {earlier.id}; tell them apart"
                )


def _pairs(text: str) -> frozenset[str]:
    plain = fold(text)
    if len(plain) < _SHORTEST_ALIKE:
        return frozenset()
    return frozenset(plain[place : place + 2] for place in range(len(plain) - 1))
