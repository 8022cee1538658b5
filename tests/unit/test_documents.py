"""Documents that repeat what the code says must say the same."""

import re
from pathlib import Path

from bot.__main__ import COMMANDS
from config.document import settings_page
from domain.conversation import TRANSITIONS
from sandbox.bank.twelve import the_twelve

DOCS = Path(__file__).parent.parent.parent / "docs"


def test_the_settings_page_is_what_the_settings_say() -> None:
    assert (DOCS / "settings.md").read_text(encoding="utf-8") == settings_page()


def test_the_ownership_table_is_the_one_in_force() -> None:
    page = (DOCS / "architecture.md").read_text(encoding="utf-8")
    written = re.findall(r"^\| (bot|waiting|human) \| (\w+) \| (\w+) \|$", page, re.M)

    assert written == [(owner.value, event.value, then.value) for (owner, event), then in TRANSITIONS.items()]


def test_the_table_of_personas_is_what_the_first_page_says() -> None:
    page = (DOCS / "personas.md").read_text(encoding="utf-8")
    written = re.findall(r"^\| (\d+) \| (C\d{6}) \| (\S+) \| (.+) \|$", page, re.M)

    assert [row[1:] for row in written] == [(persona.customer_id, persona.name, persona.line) for persona in the_twelve()]
    assert {int(row[0]) for row in written} == set(range(1, 13))


def test_every_command_named_in_a_document_exists() -> None:
    pages = [*DOCS.rglob("*.md"), DOCS.parent / "README.md", DOCS.parent / "CONTRIBUTING.md"]
    named = {name for page in pages if page.exists() for name in re.findall(r"python -m bot ([a-z-]+)", page.read_text(encoding="utf-8"))}

    assert named <= set(COMMANDS)


def test_every_link_between_documents_leads_somewhere() -> None:
    root = DOCS.parent
    pages = [*DOCS.rglob("*.md"), root / "README.md", root / "CONTRIBUTING.md"]
    dead = [
        f"{page.name}: {link}"
        for page in pages
        if page.exists()
        for link in re.findall(r"\]\((?!https?://)([^)#]+)", page.read_text(encoding="utf-8"))
        if not (page.parent / link).exists()
    ]

    assert dead == []
