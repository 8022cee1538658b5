"""A folder of the bank, opened: which feeds it holds, what its manifest says, and the digest that tells it from every other."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from crm.importing.feeds import CONTRACT_VERSION, FEEDS, FORMATS, READABLE_VERSIONS, TIME_ZONE
from domain.errors import BadInput

MANIFEST = "manifest.json"
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What the bank says of the delivery. `as_of` is the last bank day that it covers."""

    bank: str
    source: str
    as_of: date
    sandbox: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A folder and the files of it that will be read. `digest` depends on their content, not on where the folder lies."""

    folder: Path
    manifest: Manifest
    files: dict[str, Path]
    ignored: tuple[str, ...]
    digest: str


def open_delivery(folder: Path, *, sandbox: bool) -> Delivery:
    """Find the files of the contract. Second factors are read only when `sandbox` is set and the manifest says sandbox too.

    Raises BadInput for a missing or unknown manifest, and for a feed that is there in two formats.
    """
    if not folder.is_dir():
        raise BadInput(f"there is no folder {folder}; give the folder that holds {MANIFEST}")
    manifest = _read_manifest(folder / MANIFEST)
    if sandbox and not manifest.sandbox:
        raise BadInput(f'{MANIFEST} does not say "sandbox": true; import a real bank\'s folder without the sandbox option')
    files: dict[str, Path] = {}
    for feed in FEEDS:
        found = [folder / f"{feed.name}{ending}" for ending in FORMATS if (folder / f"{feed.name}{ending}").is_file()]
        if len(found) > 1:
            raise BadInput(f"{' and '.join(path.name for path in found)} are the same feed; leave one of them")
        if found and (sandbox or not feed.sandbox_only):
            files[feed.name] = found[0]
    used = {path.name for path in files.values()} | {MANIFEST}
    ignored = tuple(sorted(entry.name for entry in folder.iterdir() if entry.name not in used and not entry.name.startswith(".")))
    return Delivery(folder=folder, manifest=manifest, files=files, ignored=ignored, digest=_digest(manifest, files))


def _read_manifest(path: Path) -> Manifest:
    try:
        body = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise BadInput(f"{path.name} is missing; see docs/data-contract.md") from None
    except (UnicodeDecodeError, json.JSONDecodeError) as fault:
        raise BadInput(f"{path.name} is not JSON in UTF-8: {str(fault)[:80]}") from None
    if not isinstance(body, dict):
        raise BadInput(f"{path.name} is not a JSON object")
    if body.get("contract") not in READABLE_VERSIONS or isinstance(body.get("contract"), bool):
        raise BadInput(f"{path.name} has contract {str(body.get('contract'))[:20]}; this program reads {CONTRACT_VERSION} and older")
    if body.get("time_zone") != TIME_ZONE:
        raise BadInput(f'{path.name} needs "time_zone": "{TIME_ZONE}"; the days of the files are days there')
    bank, source, sandbox = body.get("bank"), body.get("source", "core"), body.get("sandbox", False)
    if not isinstance(bank, str) or not bank.strip() or len(bank) > 120:
        raise BadInput(f'{path.name} needs "bank": the name of the bank, up to 120 characters')
    if not isinstance(source, str) or not 0 < len(source) <= 60:
        raise BadInput(f'{path.name}: "source" is a name of up to 60 characters')
    if not isinstance(sandbox, bool):
        raise BadInput(f'{path.name}: "sandbox" is true or false')
    try:
        as_of = date.fromisoformat(str(body.get("as_of")))
    except ValueError:
        raise BadInput(f'{path.name} needs "as_of": the last day that the files cover, as 2026-11-23') from None
    return Manifest(bank=bank.strip(), source=source, as_of=as_of, sandbox=sandbox)


def _digest(manifest: Manifest, files: dict[str, Path]) -> str:
    digest = hashlib.sha256()
    digest.update(f"1\n{manifest.bank}\n{manifest.source}\n{manifest.as_of}\n{manifest.sandbox}\n".encode())
    for name, path in sorted(files.items()):
        content = hashlib.sha256()
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                content.update(block)
        digest.update(f"{name}\n{path.name}\n{content.hexdigest()}\n".encode())
    return digest.hexdigest()
