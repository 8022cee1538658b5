"""Touch definitions are read strictly: what is wrong is named by file, entry and key."""

from datetime import time
from pathlib import Path

import pytest

from domain.errors import BadInput
from domain.message import Purpose
from scheduler.calendar import SOLAR_TERMS
from scheduler.touches import TOUCHES_FILE, Window, load_touches

SHIPPED = TOUCHES_FILE.read_text(encoding="utf-8")


def written(folder: Path, text: str) -> Path:
    path = folder / "touches.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_solar_term_touch_is_read() -> None:
    (touch,) = load_touches()

    assert (touch.id, touch.trigger, touch.purpose, touch.consent) == ("solar_term", "solar_term", Purpose.TOUCH, "care")
    assert touch.window == Window(opens=time(9), spread_until=time(20), days=1, per_minute=1000)
    assert touch.skips == ("open_complaint", "bereavement", "opted_out")
    assert touch.statuses == {"active"}
    assert tuple(touch.cards) == SOLAR_TERMS
    assert len(set(touch.cards.values())) == 24


def test_the_highest_priority_comes_first(tmp_path: Path) -> None:
    entries = SHIPPED.split("touches:\n")[1]
    second = entries.replace("id: solar_term", "id: kinder").replace("priority: 10", "priority: 20")

    assert [touch.id for touch in load_touches(written(tmp_path, f"touches:\n{entries}{second}"))] == ["kinder", "solar_term"]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("trigger: solar_term", "trigger: full_moon", "'full_moon' under 'trigger' is not known; choose among solar_term"),
        ("title: 节气问候", "titel: 节气问候", "unknown key 'titel'; the keys are id, title"),
        ("title: 节气问候", "title: ''", "'title' must be a text, found ''"),
        ("title: 节气问候", "", "'title' must be a text, found nothing"),
        ("kinds: [person, company]", "kinds: [persons]", "solar_term', audience: 'persons' under 'kinds' is not known"),
        ("statuses: [active]", "statuses: [active, deceased]", "'deceased' under 'statuses' is not known; choose among active"),
        ("statuses: [active]", "statuses: active", "'statuses' must be a list"),
        ("purpose: touch", "purpose: reply", "'reply' under 'purpose' is not known; choose among touch, marketing, service"),
        ("consent: care", "consent: 7", "'consent' must be a text, found '7'"),
        ('opens: "09:00"', 'opens: "9 am"', "solar_term', window: 'opens' must be a time of day in quotes"),
        ('opens: "09:00"', "opens: 9:00", "'opens' must be a text, found '540'"),  # unquoted, YAML reads 9:00 as 540
        ('opens: "09:00"', 'opens: "21:00"', "'spread_until' 20:00 is before 'opens' 21:00"),
        ("days: 1", "days: 0", "'days' must be a whole number above zero, found '0'"),
        ("per_minute: 1000", "per_minute: true", "'per_minute' must be a whole number above zero"),
        ("skips: [open_complaint", "skips: [angry", "'angry' under 'skips' is not known; choose among open_complaint"),
        ("      冬至: script-greeting-dongzhi\n", "", "solar_term', cards: '冬至' must be a text, found nothing"),
        ("      冬至: ", "      冬节: ", "unknown key '冬节'"),
        ("priority: 10", "priority: high", "'priority' must be a whole number above zero, found 'high'"),
    ],
)
def test_a_wrong_entry_is_named(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    assert old in SHIPPED

    with pytest.raises(BadInput) as caught:
        load_touches(written(tmp_path, SHIPPED.replace(old, new, 1)))

    assert str(caught.value).startswith("touches.yaml, entry 'solar_term")
    assert complaint in str(caught.value)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("touches: [\n", "touches.yaml: not readable as YAML near line"),
        ("touches:\n  - {id: a, id: b}\n", "touches.yaml: not readable as YAML near line 2: a key is written twice"),
        ("- id: a\n", "touches.yaml: the file must begin with a key"),
        ("", "touches.yaml: the file must begin with a key"),
        ("touches: {id: a}\n", "touches.yaml: 'touches' must be a list"),
        ("touches:\n  - solar_term\n", "touches.yaml, entry 1: must be a mapping"),
        ("touches:\n  - {title: a}\n", "touches.yaml, entry '1': 'audience' must be a mapping"),
        ("touchs: []\n", "unknown key 'touchs'"),
    ],
)
def test_a_file_that_is_something_else_is_named(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(BadInput) as caught:
        load_touches(written(tmp_path, text))

    assert complaint in str(caught.value)


def test_an_id_given_twice_is_named(tmp_path: Path) -> None:
    entries = SHIPPED.split("touches:\n")[1]

    with pytest.raises(BadInput, match="entry 'solar_term': the id is taken by an entry above"):
        load_touches(written(tmp_path, f"touches:\n{entries}{entries}"))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"touches\.yaml: cannot be read"):
        load_touches(tmp_path / "touches.yaml")
