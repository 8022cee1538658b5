"""Reading YAML definitions so that every complaint names the file, the entry and the key."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from pathlib import Path

import yaml

from domain.errors import BadInput


@dataclass(frozen=True, slots=True)
class Entry:
    """One mapping of a definition file. `where` says which one, as in `touches.yaml, entry 'solar_term'`.

    Every getter raises BadInput when the key is missing or its value is of another type; the `many` getters accept a missing key.
    """

    values: Mapping[object, object]
    where: str

    def only(self, *known: str) -> "Entry":
        """Return this entry, or raise BadInput when it has a key that is not among those known: a misspelt key is never ignored."""
        unknown = [str(key) for key in self.values if key not in known]
        if unknown:
            raise BadInput(f"{self.where}: unknown key '{unknown[0]}'; the keys are {', '.join(known)}")
        return self

    def text(self, key: str) -> str:
        """The text under the key, not empty."""
        value = self.values.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self._wrong(key, "a text")
        return value.strip()

    def number(self, key: str) -> int:
        """The whole number above zero under the key."""
        value = self.values.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise self._wrong(key, "a whole number above zero")
        return value

    def flag(self, key: str) -> bool:
        """The true or false under the key; a missing key is false."""
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            raise self._wrong(key, "true or false")
        return value

    def clock(self, key: str) -> time:
        """The time of day under the key, written in quotes as "09:00"."""
        try:
            return time.fromisoformat(self.text(key))
        except ValueError:
            raise self._wrong(key, 'a time of day in quotes, as "09:00"') from None

    def many(self, key: str) -> Sequence[object]:
        """The list under the key, of anything; empty when the key is missing."""
        value = self.values.get(key, [])
        if not isinstance(value, list):
            raise self._wrong(key, "a list, as [a, b]")
        return value

    def codes(self, key: str, known: Sequence[str]) -> tuple[str, ...]:
        """The list under the key, every item among those known."""
        items = self.many(key)
        strange = [item for item in items if item not in known]
        if strange:
            raise BadInput(f"{self.where}: '{strange[0]}' under '{key}' is not known; choose among {', '.join(known)}")
        return tuple(str(item) for item in items)

    def code(self, key: str, known: Sequence[str]) -> str:
        """The text under the key, which is among those known."""
        value = self.text(key)
        if value not in known:
            raise BadInput(f"{self.where}: '{value}' under '{key}' is not known; choose among {', '.join(known)}")
        return value

    def inner(self, key: str) -> "Entry":
        """The mapping under the key, as an entry of its own."""
        value = self.values.get(key)
        if not isinstance(value, dict):
            raise self._wrong(key, "a mapping, as {a: b}")
        return Entry(value, f"{self.where}, {key}")

    def _wrong(self, key: str, wanted: str) -> BadInput:
        found = f"'{self.values[key]}'" if key in self.values else "nothing"
        return BadInput(f"{self.where}: '{key}' must be {wanted}, found {found}")


class _Loader(yaml.SafeLoader):
    """The safe loader, but a key written twice is a fault instead of the last one winning unseen."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, object]:
        mapping = super().construct_mapping(node, deep=deep)
        if len(mapping) < len(node.value):
            raise yaml.constructor.ConstructorError(None, None, "a key is written twice", node.start_mark)
        return mapping


def read_definitions(path: Path) -> Entry:
    """Read a YAML file whose top is a mapping. Raises BadInput when it is missing, not YAML, or something else."""
    try:
        found = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a safe loader with one more check
    except OSError as error:
        raise BadInput(f"{path.name}: cannot be read ({error.strerror}); put the file back or name another one") from None
    except yaml.MarkedYAMLError as error:
        place = f" near line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise BadInput(f"{path.name}: not readable as YAML{place}: {error.problem}; check indentation, colons and keys") from None
    except (yaml.YAMLError, ValueError) as error:  # ValueError: not UTF-8, or a date that no calendar has
        raise BadInput(f"{path.name}: not readable as YAML: {str(error).splitlines()[0]}; correct the file") from None
    if not isinstance(found, dict):
        raise BadInput(f"{path.name}: the file must begin with a key, as 'touches:'")
    return Entry(found, path.name)
