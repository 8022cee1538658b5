"""Models on disk: `PEIBAN_DATA/models/<target>/<id>.json` and `current.json`, which says which one counts. Never overwritten.

The id is a digest of the content: the same facts and definitions make the same model under the same name.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crm.learning.additive import Additive

MODELS = "models"
_SHOWN = 12


def keep(data: Path, target: str, body: Mapping[str, Any]) -> str:
    """Write a model and let it count. Returns its id."""
    text = json.dumps(body, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    name = hashlib.sha256(text.encode()).hexdigest()[:_SHOWN]
    folder = data / MODELS / target
    folder.mkdir(parents=True, exist_ok=True)
    _replace(folder / f"{name}.json", text)
    _replace(folder / "current.json", json.dumps({"model": name}) + "\n")
    return name


def current(data: Path, target: str) -> tuple[str, dict[str, Any], Additive] | None:
    """The id, the artefact and the model that count, or None where nothing was learned yet."""
    folder = data / MODELS / target
    try:
        name = str(json.loads((folder / "current.json").read_text(encoding="utf-8"))["model"])
    except FileNotFoundError:
        return None
    body: dict[str, Any] = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    return name, body, Additive.from_json(body["model"])


def _replace(path: Path, text: str) -> None:
    scratch = path.with_name(f".{path.name}.new")
    scratch.write_text(text, encoding="utf-8")
    scratch.replace(path)
