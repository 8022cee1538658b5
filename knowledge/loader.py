"""From files to cards: YAML front matter, then a body whose first paragraph is the answer.

`read` never raises for what a file says: it returns the cards that are whole and a problem for each that is not. `load` is for
serving and refuses the base when there is any problem, with all of them in one message.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import yaml

from domain.addresses import host_of
from domain.errors import BadInput
from domain.party import Role
from knowledge.card import AUDIENCES, Card, CardKind, CardLink, Problem
from knowledge.catalogue import Catalogue

REQUIRED: Final = ("id", "kind", "title", "questions", "audience", "approval", "valid_from", "valid_until", "sources")
OPTIONAL: Final = ("segments", "needs", "product", "ask", "link")
PAGE: Final = re.compile(r"[a-z][a-z0-9-]*")  # the name of a page of the bank
_HEADING: Final = re.compile(r"^##\s*展开\s*$", re.MULTILINE)
_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LARGEST: Final = 256 * 1024  # bytes; the longest honest card is some 5 kB


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a folder held: whole cards in order of id, and problems in order of file and line."""

    cards: tuple[Card, ...]
    problems: tuple[Problem, ...]


@dataclass(slots=True)
class _Sheet:
    """One file under way: its fields with their lines, and what was found wrong."""

    path: str
    values: dict[str, object] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def complain(self, message: str, *, line: int = 1) -> None:
        self.problems.append(Problem(path=self.path, line=line, card_id=str(self.values.get("id", "")), message=message))


def load(folder: Path) -> Catalogue:
    """Read every card below the folder. Raises BadInput with one line per problem."""
    if not folder.is_dir():
        raise BadInput(f"there is no card folder {folder}; give the folder that holds the card files")
    reading = read(folder)
    if reading.problems:
        raise BadInput("\n".join(str(problem) for problem in reading.problems))
    return Catalogue(reading.cards)


def read(folder: Path) -> Reading:
    """Read every `.md` below the folder, leaving out README.md."""
    cards: dict[str, Card] = {}
    problems: list[Problem] = []
    for path in sorted(folder.rglob("*.md")):
        if path.name.lower() == "readme.md":
            continue
        name = path.relative_to(folder).as_posix()
        text, fault = _text_of(path)
        if fault:
            problems.append(Problem(path=name, line=1, card_id="", message=fault))
            continue
        card, found = parse(text, path=name)
        problems.extend(found)
        if card is None:
            continue
        if card.id in cards:
            first = cards[card.id].path
            problems.append(
                Problem(path=name, line=card.line("id"), card_id=card.id, message=f"id {card.id} is taken by {first}; choose another")
            )
            continue
        cards[card.id] = card
    return Reading(cards=tuple(cards[key] for key in sorted(cards)), problems=tuple(problems))


def _text_of(path: Path) -> tuple[str, str]:
    """The file's text, or what is wrong with the file."""
    if path.stat().st_size > _LARGEST:
        return "", f"the file is larger than {_LARGEST // 1024} kB; a card is a short text, split it"
    try:
        return path.read_text(encoding="utf-8-sig"), ""
    except UnicodeDecodeError:
        return "", "the file is not UTF-8; save it as UTF-8"
    except OSError as error:
        return "", f"the file cannot be read ({error.strerror}); check its permissions"


def parse(text: str, *, path: str = "") -> tuple[Card | None, tuple[Problem, ...]]:
    """Read one card. The card is None when any problem was found."""
    sheet = _Sheet(path)
    head, body, body_line = _split(text, sheet)
    if head is None:
        return None, tuple(sheet.problems)
    _read_fields(head, sheet)
    missing = [name for name in REQUIRED if name not in sheet.values]
    if missing and sheet.values:
        sheet.complain(f"missing {', '.join(missing)}; add to the front matter")
    answer, details = _paragraphs(body)
    if not answer:
        sheet.complain("there is no answer; write it as the first paragraph below the front matter", line=body_line)
    card = _card(sheet, answer=answer, details=details, body_line=body_line)
    return (card if not sheet.problems else None), tuple(sorted(sheet.problems, key=lambda problem: problem.line))


def _split(text: str, sheet: _Sheet) -> tuple[str | None, str, int]:
    lines = text.replace("\r\n", "\n").split("\n")
    if not lines or lines[0].rstrip() != "---":
        sheet.complain("the file must begin with front matter between two lines of ---")
        return None, "", 1
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == "---":
            return "\n".join(["", *lines[1:number]]), "\n".join(lines[number + 1 :]), number + 2
    sheet.complain("the front matter is not closed; add a line of --- before the answer")
    return None, "", 1


def _read_fields(head: str, sheet: _Sheet) -> None:
    """Fill values and lines. `head` keeps the first line empty, so that YAML's line marks are those of the file."""
    try:
        loader = _LOADER(head)
        try:
            root = loader.get_single_node()
            values = loader.construct_document(root) if root is not None else {}
        finally:
            loader.dispose()
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date like 2026-02-30
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or str(error)
        sheet.complain(
            f"the front matter is not YAML ({reason}); mind the indent and quote texts with a colon", line=mark.line + 1 if mark else 1
        )
        return
    if not isinstance(root, yaml.MappingNode) or not isinstance(values, dict):
        sheet.complain("the front matter must be lines of `name: value`", line=2)
        return
    _note_lines(root, sheet)
    for name in values:
        if name not in REQUIRED and name not in OPTIONAL:
            sheet.complain(f"unknown field {name!s}; allowed: {', '.join((*REQUIRED, *OPTIONAL))}", line=sheet.lines.get(str(name), 1))
    sheet.values = {str(name): value for name, value in values.items()}


def _note_lines(root: yaml.MappingNode, sheet: _Sheet) -> None:
    for key, value in root.value:
        name = str(key.value)
        if name in sheet.lines:
            sheet.complain(f"{name} is given twice; keep one", line=key.start_mark.line + 1)
        sheet.lines[name] = key.start_mark.line + 1
        if isinstance(value, yaml.SequenceNode):
            for number, item in enumerate(value.value):
                sheet.lines[f"{name}.{number}"] = item.start_mark.line + 1


def _paragraphs(body: str) -> tuple[str, str]:
    """The answer (first paragraph, its lines joined) and the rest without the heading."""
    before, *after = _HEADING.split(body, maxsplit=1)
    blocks = [block.strip() for block in re.split(r"\n\s*\n", before) if block.strip()]
    answer = "".join(line.strip() for line in blocks[0].split("\n")) if blocks else ""
    return answer, "\n\n".join([*blocks[1:], *(part.strip() for part in after)]).strip()


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("must be a text")
    return value.strip()


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError("must be a list of texts")
    return tuple(_text(item) for item in value)


def _some_texts(value: object) -> tuple[str, ...]:
    texts = _texts(value)
    if not texts:
        raise ValueError("must not be empty")
    return texts


def _kind(value: object) -> CardKind:
    if value not in {kind.value for kind in CardKind}:
        raise ValueError(f"must be one of {', '.join(CardKind)}")
    return CardKind(str(value))


def _audience(value: object) -> frozenset[Role]:
    names = {role.value: role for role in AUDIENCES}
    unknown = [name for name in _some_texts(value) if name not in names]
    if unknown:
        raise ValueError(f"has {', '.join(unknown)}; allowed: {', '.join(sorted(names))}")
    return frozenset(names[name] for name in _texts(value))


def _day(value: object) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ValueError("must be a date written 2026-01-31")
    return value


def _link(value: object) -> CardLink:
    if not isinstance(value, dict) or set(value) != {"label", "to"}:
        raise ValueError("must be written {label: …, to: the name of a page or an https address}")
    link = CardLink(label=_text(value["label"]), to=_text(value["to"]))
    if not PAGE.fullmatch(link.to) and host_of(link.to) is None:
        raise ValueError(f"leads to '{link.to}'; give the name of a page (a-z, 0-9, -) or an address with https://")
    return link


_PARSERS: Final[Mapping[str, Callable[[object], object]]] = {
    "id": _text,
    "kind": _kind,
    "title": _text,
    "questions": _some_texts,
    "audience": _audience,
    "approval": _text,
    "valid_from": _day,
    "valid_until": _day,
    "sources": _some_texts,
    "segments": _texts,
    "needs": _texts,
    "product": _text,
    "ask": _text,
    "link": _link,
}


def _card(sheet: _Sheet, *, answer: str, details: str, body_line: int) -> Card | None:
    parsed: dict[str, Any] = {}
    for name, parser in _PARSERS.items():
        if name not in sheet.values:
            continue
        try:
            parsed[name] = parser(sheet.values[name])
        except ValueError as error:
            sheet.complain(f"{name} {error}", line=sheet.lines.get(name, 1))
    if sheet.problems:
        return None
    if not parsed["valid_from"] < parsed["valid_until"]:
        sheet.complain("valid_until must be after valid_from", line=sheet.lines["valid_until"])
        return None
    return Card(**parsed, answer=answer, details=details, path=sheet.path, lines=(*sheet.lines.items(), ("answer", body_line)))
