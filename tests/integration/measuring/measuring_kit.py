"""Banks written by hand and what an import measured of them."""

import json
from datetime import datetime
from pathlib import Path

from bot.identity_review import review_list
from compliance.days import BANK_ZONE
from crm.measuring.health import Health, ScoreLine
from storage.records import SqlStore
from tests.integration.import_kit import House

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=BANK_ZONE)
PERSON = "customer_id,name,gender,birth_date,id_number,phone,branch_id,opened_at\n"
MANIFEST = {"contract": 2, "bank": "溪口合作银行", "as_of": "2026-11-23", "time_zone": "Asia/Shanghai"}


def bank(folder: Path, *, as_of: str = "2026-11-23", **files: str) -> Path:
    """A folder of the contract with these files."""
    folder.mkdir()
    (folder / "manifest.json").write_text(json.dumps({**MANIFEST, "as_of": as_of}), encoding="utf-8")
    for name, content in files.items():
        (folder / f"{name}.csv").write_text(content, encoding="utf-8")
    return folder


def links(house: House) -> list[tuple[str, str, str, str]]:
    with Health(house.facts_folder) as health, SqlStore(house.database).reading() as records:
        return sorted((link.id, link.canonical_id, link.rule, link.status) for link in review_list(health.links(), records))


def scores(house: House) -> dict[tuple[str, str, str], ScoreLine]:
    with Health(house.facts_folder) as health:
        return {(line.feed, line.column, line.dimension): line for line in health.scores()}


def people(*rows: str) -> str:
    return PERSON + "".join(f"{row},Z1,{2010 + number}-06-01T10:00:00+08:00\n" for number, row in enumerate(rows))
