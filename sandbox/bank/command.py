"""Write a whole bank into a folder, chunk by chunk: the memory it takes does not grow with the bank."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sandbox.bank import house
from sandbox.bank.app import app_events
from sandbox.bank.bought import bought
from sandbox.bank.companies import behind, companies
from sandbox.bank.complaints import complaints
from sandbox.bank.contacts import contacts
from sandbox.bank.endings import with_deaths, with_wound_up
from sandbox.bank.entitlements import entitlements
from sandbox.bank.firms import FIRST_NUMBER, draw_companies
from sandbox.bank.labels import labels
from sandbox.bank.laundering import laundering
from sandbox.bank.money import money_of_people
from sandbox.bank.names import BANK
from sandbox.bank.outside import outside
from sandbox.bank.people import draw_people
from sandbox.bank.permissions import consents, risk_assessments
from sandbox.bank.personas import as_told, as_told_of_companies, large_deposits
from sandbox.bank.persons import assignments, households, persons
from sandbox.bank.population import Companies, People
from sandbox.bank.recordings import recordings
from sandbox.bank.surveys import surveys
from sandbox.bank.trading import money_of_companies
from sandbox.bank.truth import tell_truth
from sandbox.bank.watchlist import watchlist
from sandbox.bank.world import CHUNK, World, months_back
from sandbox.bank.writing import Folder

#: Further feeds of a chunk, each written by one function. Either of the two sorts of customers may be empty.
Part = Callable[[People, Companies, World, Folder], None]
PARTS: tuple[Part, ...] = (
    app_events,
    contacts,
    complaints,
    surveys,
    entitlements,
    recordings,
    outside,
    laundering,
    watchlist,
    labels,
    bought,
    large_deposits,
)

Progress = Callable[[int, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What was written, in rows per feed."""

    out: Path
    as_of: date
    rows: tuple[tuple[str, int], ...]


def generate(
    *,
    out: Path,
    as_of: date,
    customers: int = 200,
    companies: int = 12,
    months: int = 12,
    seed: int = 7,
    format: str | None = None,  # noqa: A002  the word of the command line
    progress: Progress = lambda done, total, rows: None,  # noqa: ARG005
) -> Summary:
    """Simulate `customers` persons and `companies` companies over the `months` calendar months up to `as_of`.

    The same arguments write the same bytes. The folder is made if missing; files of an earlier run in it are replaced, others stay.
    `progress` is told after each chunk how many customers of how many are done, and how many transactions are written.
    Raises ValueError with one line for a number that makes no bank.
    """
    if not 1 <= customers < 900_000 or not 0 <= companies < 100_000 or not 1 <= months <= 120:
        raise ValueError("a bank needs 1 to 899999 customers, 0 to 99999 companies and 1 to 120 months")
    world = World(seed=seed, first=months_back(as_of, months), as_of=as_of, customers=customers, companies=companies)
    total = customers + companies
    done = 0
    with Folder(out, format) as folder:
        folder.add("branches", house.branches())
        folder.add("staff", house.staff(world))
        folder.add("products", house.products(as_of))
        folder.add("staff_secrets", house.staff_secrets(world))
        for size in _chunks(world, folder):
            done += size
            progress(done, total, folder.rows.get("transactions", 0))
    folder.manifest(bank=BANK, as_of=as_of)
    return Summary(out=out, as_of=as_of, rows=tuple(folder.rows.items()))


def _chunks(world: World, folder: Folder) -> Iterable[int]:
    """Write chunk by chunk; yields how many customers were in it."""
    for chunk in range(-(-max(world.customers, world.companies) // CHUNK)):
        people = with_deaths(as_told(draw_people(world, chunk, _size(world.customers, chunk)), world), world, chunk)
        firms = as_told_of_companies(draw_companies(world, chunk, _size(world.companies, chunk)), world)
        firms = with_wound_up(firms, people, world, chunk)
        folder.booked.clear()
        for who in (people, firms):
            if len(who.number):
                _known(world, chunk, who, folder)
                tell_truth(world, who, folder)
        if len(people.number):
            money_of_people(world, chunk, people, folder)
        if len(firms.number):
            money_of_companies(world, chunk, firms, folder)
        for part in PARTS:
            part(people, firms, world, folder)
        yield len(people.number) + len(firms.number)


def _known(world: World, chunk: int, who: People | Companies, folder: Folder) -> None:
    """What the bank knows of customers without looking at their money."""
    if isinstance(who, People):
        folder.add("persons", persons(world, chunk, who))
        folder.add("relations", households(world, chunk, who))
        folder.add("assignments", assignments(world, chunk, who, first_number=0))
    else:
        folder.add("companies", companies(world, chunk, who))
        folder.add("relations", behind(world, chunk, who))
        folder.add("assignments", assignments(world, chunk, who, first_number=FIRST_NUMBER))
    folder.add("risk_assessments", risk_assessments(world, chunk, who))
    folder.add("consents", consents(world, chunk, who))


def _size(customers: int, chunk: int) -> int:
    return min(max(customers - chunk * CHUNK, 0), CHUNK)
