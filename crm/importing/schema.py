"""What the data contract is made of: types, columns, rules between columns, feeds. The feeds themselves are in `crm.importing.feeds`."""

from dataclasses import dataclass
from enum import StrEnum

# Money is up to ten trillion with two decimals: more is a mistake of units.
MONEY_DIGITS = 13


class Type(StrEnum):
    """How a value is written. In CSV an empty cell is a missing value."""

    ID = "id"  # no blanks
    TEXT = "text"
    LIST = "list"  # texts separated by ;
    DATE = "date"  # YYYY-MM-DD, a day of the bank
    INSTANT = "instant"  # ISO 8601 with offset
    MONEY = "money"  # DECIMAL(15, 2)
    RATE = "rate"  # DECIMAL(9, 4), percent
    INTEGER = "integer"
    BOOLEAN = "boolean"  # true or false


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column. `refers` names the feed whose key the value must be; `default` stands for a missing optional value."""

    name: str
    type: Type
    meaning: str
    example: str
    required: bool = False
    allowed: tuple[str, ...] = ()
    default: str | None = None
    minimum: int | None = None
    maximum: int | None = None
    longest: int = 120  # characters
    refers: str | None = None
    apart_from: str | None = None  # the feed whose key the value must not be
    past: bool = False  # not after the day of the delivery
    personal: bool = False  # never shown whole in a rejects file


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A rule between columns. `fails` is SQL over the typed columns that is true for a bad row; the column gets the blame.

    The row that a column refers to is there under the name of its feed: `accounts.kind`.
    """

    column: str
    reason: str
    fails: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One file of the folder. Two rows with the same key are one thing: equal rows count once, unequal ones are refused."""

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    checks: tuple[Check, ...] = ()
    sandbox_only: bool = False
    acyclic: tuple[str, ...] = ()  # kinds of relation in which nobody may come back to themselves

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)


def an_id(name: str, meaning: str, example: str, *, required: bool = True, refers: str | None = None) -> Column:
    return Column(name=name, type=Type.ID, meaning=meaning, example=example, required=required, refers=refers, longest=60)


def a_text(name: str, meaning: str, example: str, *, longest: int = 120, required: bool = False, personal: bool = False) -> Column:
    return Column(name=name, type=Type.TEXT, meaning=meaning, example=example, required=required, longest=longest, personal=personal)


def a_date(name: str, meaning: str, example: str, *, required: bool = False, past: bool = False) -> Column:
    return Column(name=name, type=Type.DATE, meaning=meaning, example=example, required=required, past=past)


def an_amount(name: str, meaning: str, example: str, *, required: bool = False, minimum: int | None = None) -> Column:
    return Column(name=name, type=Type.MONEY, meaning=meaning, example=example, required=required, minimum=minimum)


def one_of(
    name: str, meaning: str, allowed: tuple[str, ...], example: str, *, required: bool = False, default: str | None = None
) -> Column:
    return Column(name=name, type=Type.TEXT, meaning=meaning, example=example, required=required, allowed=allowed, default=default)


def a_flag(name: str, meaning: str, example: str, *, default: str | None = None, required: bool = False) -> Column:
    return Column(name=name, type=Type.BOOLEAN, meaning=meaning, example=example, required=required, default=default)


def an_instant(name: str, meaning: str, example: str, *, required: bool = True, past: bool = True) -> Column:
    return Column(name=name, type=Type.INSTANT, meaning=meaning, example=example, required=required, past=past)


def a_number(
    name: str, meaning: str, example: str, *, required: bool = False, minimum: int | None = None, maximum: int | None = None
) -> Column:
    return Column(name=name, type=Type.INTEGER, meaning=meaning, example=example, required=required, minimum=minimum, maximum=maximum)


def a_rate(name: str, meaning: str, example: str, *, required: bool = False, minimum: int = 0, maximum: int = 100) -> Column:
    return Column(name=name, type=Type.RATE, meaning=meaning, example=example, required=required, minimum=minimum, maximum=maximum)
