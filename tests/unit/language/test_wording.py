"""The wording tables: each text must be read exactly as written beside it."""

from language.answers import Pick, choice, yes_no
from language.datespan import Lean
from tests.together import together
from tests.unit.language import wording_tables as tables


@together(tables.cases("numbers"))
def test_finds_numbers(text: str, expected: str) -> None:
    assert tables.numbers(text) == expected


@together(tables.cases("money"))
def test_finds_money(text: str, expected: str) -> None:
    assert tables.money(text) == tables.plain_amounts(expected)


@together(tables.cases("money_expected"))
def test_takes_a_bare_number_for_money_when_asked(text: str, expected: str) -> None:
    assert tables.money(text, expect=True) == expected


@together(tables.cases("durations"))
def test_finds_durations(text: str, expected: str) -> None:
    assert tables.durations(text) == expected


@together(
    (text, expected, lean)
    for name, lean in (("dates", Lean.FUTURE), ("dates_past", Lean.PAST), ("dates_nearest", Lean.NEAREST))
    for text, expected in tables.cases(name)
)
def test_finds_dates(text: str, expected: str, lean: Lean) -> None:
    assert tables.dates(text, lean) == expected


@together(tables.cases("corrections"))
def test_reads_corrections(text: str, expected: str) -> None:
    assert tables.correction(text) == expected


@together((text, expected) for name, expected in (("yes", True), ("no", False), ("unclear", None)) for text in tables.table("yes_no")[name])
def test_reads_yes_and_no(text: str, expected: bool | None) -> None:
    assert yes_no(text) is expected


@together(tables.cases("choices"))
def test_reads_choices(text: str, expected: list[str]) -> None:
    count, which = int(expected[0]), expected[1]
    wanted = Pick.NONE_OF_THESE if which == "none" else int(which) - 1 if which else None

    assert choice(text, count) == wanted


UNSEEN = ("unseen", "unseen_second", "unseen_third", "unseen_fourth", "unseen_fifth")


def unseen(section: str) -> list[tuple[str, str]]:
    return [case for name in UNSEEN for case in tables.table(name)[section].items()]


@together(unseen("money"))
def test_finds_money_in_sentences(text: str, expected: str) -> None:
    asked = expected.endswith("?")

    assert tables.money(text, expect=asked) == tables.plain_amounts(expected.removesuffix("?"))


@together(unseen("dates"))
def test_finds_dates_in_sentences(text: str, expected: str) -> None:
    assert tables.dates(text) == expected


@together(unseen("durations"))
def test_finds_durations_in_sentences(text: str, expected: str) -> None:
    assert tables.durations(text) == expected


@together(unseen("numbers"))
def test_finds_numbers_in_sentences(text: str, expected: str) -> None:
    assert tables.numbers(text) == expected


@together(unseen("corrections"))
def test_reads_corrections_in_sentences(text: str, expected: str) -> None:
    assert tables.correction(text) == expected


@together(unseen("yes_no"))
def test_reads_yes_and_no_in_sentences(text: str, expected: str) -> None:
    assert yes_no(text) is {"yes": True, "no": False, "unclear": None}[expected]


@together(unseen("choices"))
def test_reads_choices_in_sentences(text: str, expected: str) -> None:
    wanted = Pick.NONE_OF_THESE if expected == "none" else int(expected) - 1 if expected else None

    assert choice(text, 3) == wanted
