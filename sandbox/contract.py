"""The data contract as a stand-in for a bank reads it: docs/data-contract.json, the one place where both sides meet."""

import json
from functools import cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent
# In a checkout, and where an installed package keeps its copy.
_PLACES = (_HERE.parent / "docs" / "data-contract.json", _HERE / "data-contract.json")


@cache
def contract() -> dict[str, Any]:
    """All that the file says. Raises FileNotFoundError where it is in neither place."""
    for place in _PLACES:
        if place.is_file():
            body: dict[str, Any] = json.loads(place.read_text(encoding="utf-8"))
            return body
    raise FileNotFoundError(f"the data contract is at none of {', '.join(map(str, _PLACES))}")
