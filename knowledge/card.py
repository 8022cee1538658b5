"""A card: one approved answer to one situation, with the questions that lead to it and the days it holds."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from domain.party import Role


class CardKind(StrEnum):
    """What a card is for. Cases and scripts are for staff."""

    SCENARIO = "scenario"
    SERVICE = "service"
    PRODUCT = "product"
    CASE = "case"
    SCRIPT = "script"


#: Who a card may be written for.
AUDIENCES = frozenset(role for role in Role if role not in (Role.BOT, Role.SYSTEM))


@dataclass(frozen=True, slots=True, kw_only=True)
class CardLink:
    """Where an answer can be acted on. `to` is the name of a page that the settings know, or a whole address."""

    label: str
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One card. `answer` is the first paragraph, said as it is; `details` what follows the heading 展开, in Markdown.

    Valid while `valid_from <= on < valid_until`. `product` is a code of the product master, `ask` a question that may follow the
    answer. `path` and `lines` (field or `questions.N` to line number) say where it was written and take no part in comparison.
    """

    id: str
    kind: CardKind
    title: str
    questions: tuple[str, ...]
    audience: frozenset[Role]
    approval: str
    valid_from: date
    valid_until: date
    answer: str
    details: str = ""
    segments: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    product: str | None = None
    ask: str | None = None
    link: CardLink | None = None
    path: str = field(default="", compare=False)
    lines: tuple[tuple[str, int], ...] = field(default=(), compare=False, repr=False)

    def valid_on(self, on: date) -> bool:
        """Whether the card may be shown on that day."""
        return self.valid_from <= on < self.valid_until

    def visible_to(self, role: Role) -> bool:
        """Whether somebody in that role may see the card."""
        return role in self.audience

    def line(self, name: str) -> int:
        """The line of a field, or 1 when it is unknown."""
        return dict(self.lines).get(name, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something wrong with a card. `message` says what and what to do. `str()` is `path:line: message`."""

    path: str
    line: int
    card_id: str
    message: str

    def __str__(self) -> str:
        return f"{self.path or self.card_id or '?'}:{self.line}: {self.message}"
