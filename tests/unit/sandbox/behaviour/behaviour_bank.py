"""A bank of one chunk that holds only what customers do, and what is true of it."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from sandbox.bank import command
from sandbox.bank.firms import draw_companies
from sandbox.bank.people import draw_people
from sandbox.bank.permissions import consents
from sandbox.bank.personas import as_told, as_told_of_companies
from sandbox.bank.population import Companies, People
from sandbox.bank.world import World
from sandbox.bank.writing import Folder


def _consents(people: People, companies: Companies, world: World, folder: Folder) -> None:
    folder.add("consents", consents(world, 0, people))
    if len(companies.number):
        folder.add("consents", consents(world, 0, companies))


PARTS = (_consents, *command.PARTS)


def world_of(persons: int, companies: int, seed: int = 7) -> World:
    return World(seed, date(2025, 12, 1), date(2026, 11, 23), persons, companies)


@dataclass(frozen=True)
class Bank:
    """A bank of one chunk that holds only behaviour, and what is true of it."""

    world: World
    people: People
    companies: Companies
    tables: duckdb.DuckDBPyConnection

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self.tables.execute(query).fetchall()
        return found

    def value(self, query: str) -> Any:
        return self.rows(query)[0][0]


def write(out: Path, persons: int, companies: int, seed: int = 7) -> tuple[World, People, Companies]:
    world = world_of(persons, companies, seed)
    people, firms = as_told(draw_people(world, 0, persons), world), as_told_of_companies(draw_companies(world, 0, companies), world)
    with Folder(out, "parquet") as folder:
        for part in PARTS:
            part(people, firms, world, folder)
    return world, people, firms
