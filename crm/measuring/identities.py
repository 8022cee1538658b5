"""One person or company under two customer ids: sure pairs are linked, doubtful ones are put to a person, nothing is ever merged.

Names, numbers and telephones are compared inside the import's own database and stay there. The snapshot keeps ids and the rule:
`id` and `canonical_id` (the relation that began first), `rule`, `certainty` (sure, doubtful) and `status`:
linked, review, accepted or refused by a person.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import duckdb

from crm.importing.feeds import FORMATS
from crm.importing.parts import quoted
from crm.measuring.batch import Batch
from crm.measuring.small import present, write_rows
from domain.errors import BadInput
from domain.identity import IdentityDecision, IdentityRow
from language.normalise import fold

FILE = "identities.parquet"
COLUMNS = {"id": "VARCHAR", "canonical_id": "VARCHAR", "rule": "VARCHAR", "certainty": "VARCHAR", "status": "VARCHAR"}
SURE, DOUBTFUL = "sure", "doubtful"
LINKED, REVIEW, ACCEPTED, REFUSED = "linked", "review", "accepted", "refused"
#: What a person reads; it names no value.
REASONS = {
    "same_id_number": "证件号码相同",
    "same_id_number_other_name": "证件号码相同，姓名和生日对不上",
    "same_name_birth_phone": "姓名、生日、手机号相同",
    "same_name_birth_phone_other_number": "姓名、生日、手机号相同，证件号码不同",
    "same_name_birth": "姓名、生日相同，其余信息不全",
    "same_name_phone": "姓名、手机号相同，生日不全或不同",
    "same_uscc": "统一社会信用代码相同",
    "same_company_name": "企业名称相同，信用代码不全",
}
# A number or a name with birthday that many share is a placeholder and says nothing.
_SHARED_BY_MOST, _NAMESAKES_MOST = 5, 10
_BATCH = 20_000
_WIDE = "".join(chr(code + 0xFEE0) for code in range(0x21, 0x7F))
_NARROW = "".join(chr(code) for code in range(0x21, 0x7F)).replace("'", "''")


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityLink:
    """Two ids that are or may be the same. `canonical_id` is the one whose relation began first."""

    id: str
    canonical_id: str
    rule: str
    certainty: str
    status: str

    @property
    def pair(self) -> tuple[str, str]:
        """Both ids in their order."""
        return (min(self.id, self.canonical_id), max(self.id, self.canonical_id))

    @property
    def counts(self) -> bool:
        """Whether both are taken for one."""
        return self.status in (LINKED, ACCEPTED)


def find_links(
    work: duckdb.DuckDBPyConnection, book: Iterable[IdentityRow], decisions: Sequence[IdentityDecision]
) -> tuple[IdentityLink, ...]:
    """Compare what was taken now and what the book held before with each other. Overwrites the tables `identity_…` of the work database."""
    _gather(work, book)
    began = {str(row[0]): int(row[1]) for row in work.execute(_PAIRED).fetchall()}
    pairs = [
        IdentityLink(id=a, canonical_id=b, rule=rule, certainty=sure, status="") for a, b, rule, sure in work.execute(_PAIRS).fetchall()
    ]
    return settle(pairs, decisions, began)


def managers_of(work: duckdb.DuckDBPyConnection, link: IdentityLink) -> tuple[str, ...]:
    """The relationship managers of both, that of the earlier relation first. Asked after `find_links`."""
    order = [link.canonical_id, link.id]
    rows = dict(work.execute("SELECT id, rm_id FROM identity_rows WHERE id IN ($1, $2)", order).fetchall())
    return tuple(rows[each] for each in order if rows.get(each))


def settle(pairs: Iterable[IdentityLink], decisions: Sequence[IdentityDecision], began: Mapping[str, int]) -> tuple[IdentityLink, ...]:
    """Give every pair its status after what people decided. A doubtful pair whose ids are linked otherwise is dropped."""
    decided = {(decision.first_id, decision.second_id): decision.same for decision in decisions}
    judged = {}
    for pair in sorted(pairs, key=lambda one: (one.certainty != SURE, one.rule, one.pair)):
        if pair.pair not in judged:
            judged[pair.pair] = replace(pair, status=_status(pair, decided.get(pair.pair)))
    canonical = canonical_ids(judged.values(), began)
    found = []
    for link in judged.values():
        one, other = canonical.get(link.id, link.id), canonical.get(link.canonical_id, link.canonical_id)
        if link.status == REVIEW and one == other:
            continue
        if link.counts:
            # Of three ids of one person two point at the first.
            found += [replace(link, id=each, canonical_id=one) for each in (link.id, link.canonical_id) if each != one]
        else:
            first, second = sorted((link.id, link.canonical_id), key=lambda each: (began.get(each, 0), each))
            found.append(replace(link, id=second, canonical_id=first))
    once = {(link.id, link.canonical_id): link for link in reversed(found)}
    return tuple(once[key] for key in sorted(once))


def canonical_ids(links: Iterable[IdentityLink], began: Mapping[str, int]) -> dict[str, str]:
    """Every linked id with the id that stands for all of its person: that of the earliest relation."""
    parent: dict[str, str] = {}

    def root(of: str) -> str:
        while parent.setdefault(of, of) != of:
            parent[of] = parent[parent[of]]
            of = parent[of]
        return of

    for link in links:
        if link.counts:
            one, other = sorted((root(link.id), root(link.canonical_id)), key=lambda each: (began.get(each, 0), each))
            parent[other] = one
    return {each: root(each) for each in list(parent)}


def with_decisions(links: Sequence[IdentityLink], decisions: Sequence[IdentityDecision]) -> tuple[IdentityLink, ...]:
    """The links of a snapshot after what people decided since it was built."""
    decided = {(decision.first_id, decision.second_id): decision.same for decision in decisions}
    return tuple(replace(link, status=_status(link, decided.get(link.pair))) for link in links)


def write_links(work: duckdb.DuckDBPyConnection, batch: Batch, links: Sequence[IdentityLink]) -> None:
    """Keep the links in the snapshot."""
    write_rows(work, batch.built / FILE, COLUMNS, [{name: getattr(link, name) for name in COLUMNS} for link in links])


def read_links(connection: duckdb.DuckDBPyConnection, snapshot: Path | None) -> tuple[IdentityLink, ...]:
    """The links of a snapshot; none where it has no such file."""
    path = present(snapshot, FILE)
    if path is None:
        return ()
    rows = connection.execute(f"SELECT {', '.join(COLUMNS)} FROM read_parquet({quoted(path)}) ORDER BY ALL").fetchall()
    return tuple(IdentityLink(**dict(zip(COLUMNS, row, strict=True))) for row in rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Pairs found against pairs that are there."""

    true: int
    found: int
    right: int

    @property
    def precision(self) -> float | None:
        return round(self.right / self.found, 4) if self.found else None

    @property
    def recall(self) -> float | None:
        return round(self.right / self.true, 4) if self.true else None


def measure(links: Iterable[IdentityLink], truth: Iterable[tuple[str, str]]) -> Measured:
    """Compare groups of ids: every pair of ids within a group counts once, in whatever way it was linked."""
    wanted = _pairs_within(truth)
    got = _pairs_within(link.pair for link in links)
    return Measured(true=len(wanted), found=len(got), right=len(wanted & got))


def _pairs_within(pairs: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    links = [IdentityLink(id=a, canonical_id=b, rule="", certainty=SURE, status=LINKED) for a, b in pairs]
    groups: dict[str, list[str]] = {}
    for each, canonical in canonical_ids(links, {}).items():
        groups.setdefault(canonical, []).append(each)
    return {(a, b) for group in groups.values() for a in group for b in group if a < b}


def _status(link: IdentityLink, decided: bool | None) -> str:
    if decided is None:
        return LINKED if link.certainty == SURE else REVIEW
    if decided:
        return LINKED if link.certainty == SURE else ACCEPTED
    return REFUSED


def _gather(work: duckdb.DuckDBPyConnection, book: Iterable[IdentityRow]) -> None:
    for table in ("identity_rows", "identity_names", "identity_people"):
        work.execute(f"DROP TABLE IF EXISTS {table}")
    work.execute(_ROWS)
    rows = iter(book)
    while chunk := list(islice(rows, _BATCH)):
        # What was taken now replaces what the book held.
        work.execute(_HELD, [[getattr(row, name) for row in chunk] for name in _COLUMNS])
    written = [row[0] for row in work.execute("SELECT DISTINCT name FROM identity_rows").fetchall()]
    work.execute(_NAMES, [written, [fold(name) for name in written]])
    work.execute(_PEOPLE)


_COLUMNS = {
    "id": "VARCHAR",
    "kind": "VARCHAR",
    "name": "VARCHAR",
    "birth_date": "VARCHAR",
    "id_number": "VARCHAR",
    "phone": "VARCHAR",
    "opened_at": "BIGINT",
    "rm_id": "VARCHAR",
}
_HELD = f"""INSERT INTO identity_rows SELECT * FROM (
    SELECT {", ".join(f"unnest(CAST(? AS {kind}[])) AS {name}" for name, kind in _COLUMNS.items())}
) WHERE id NOT IN (SELECT id FROM identity_rows)"""
_NAMES = "CREATE TABLE identity_names AS SELECT unnest(CAST(? AS VARCHAR[])) AS name, unnest(CAST(? AS VARCHAR[])) AS folded"

_ROWS = """CREATE TABLE identity_rows AS
SELECT customer_id AS id, 'person' AS kind, name, coalesce(CAST(birth_date AS VARCHAR), '') AS birth_date,
    coalesce(id_number, '') AS id_number, coalesce(phone, '') AS phone, epoch_us(opened_at) AS opened_at, rm_id
FROM taken_persons
UNION ALL
SELECT customer_id, 'company', name, '', coalesce(uscc, ''), '', epoch_us(opened_at), rm_id FROM taken_companies"""

# Numbers lose width, blanks and marks. The 15 digits of an old resident number are 17 of the new one, whose 18th only checks.
_PEOPLE = f"""CREATE TABLE identity_people AS
WITH plain AS (
    SELECT r.id, r.kind, r.opened_at, nullif(n.folded, '') AS name, nullif(r.birth_date, '') AS birth,
        upper(regexp_replace(translate(r.id_number, '{_WIDE}', '{_NARROW}'), '[^0-9A-Za-z]', '', 'g')) AS number,
        regexp_replace(translate(r.phone, '{_WIDE}', '{_NARROW}'), '[^0-9]', '', 'g') AS digits
    FROM identity_rows AS r JOIN identity_names AS n ON n.name = r.name
)
SELECT id, kind, opened_at, name, birth,
    CASE WHEN length(number) < 6 THEN NULL
        WHEN kind = 'person' AND regexp_full_match(number, '[0-9]{{15}}') THEN substr(number, 1, 6) || '19' || substr(number, 7)
        WHEN kind = 'person' AND regexp_full_match(number, '[0-9]{{17}}[0-9X]') THEN substr(number, 1, 17)
        ELSE number END AS number,
    CASE WHEN length(digits) < 7 THEN NULL ELSE regexp_replace(digits, '^(0086|86)(1[0-9]{{10}})$', '\\2') END AS phone
FROM plain"""

_PAIRS = f"""WITH
numbered AS (SELECT *, count(*) OVER (PARTITION BY kind, number) AS sharing FROM identity_people WHERE number IS NOT NULL),
by_number AS (
    SELECT a.id, b.id AS other,
        CASE WHEN a.kind = 'company' THEN 'same_uscc'
            WHEN a.name = b.name OR a.birth = b.birth THEN 'same_id_number' ELSE 'same_id_number_other_name' END AS rule
    FROM numbered AS a JOIN numbered AS b ON a.kind = b.kind AND a.number = b.number AND a.id < b.id
    WHERE a.sharing <= {_SHARED_BY_MOST}
),
born AS (
    SELECT *, count(*) OVER (PARTITION BY name, birth) AS namesakes FROM identity_people WHERE kind = 'person' AND birth IS NOT NULL
),
by_birth AS (
    SELECT a.id, b.id AS other, a.phone = b.phone AS phones, a.number = b.number AS numbers
    FROM born AS a JOIN born AS b ON a.name = b.name AND a.birth = b.birth AND a.id < b.id
    WHERE a.namesakes <= {_NAMESAKES_MOST}
),
reached AS (
    SELECT *, count(*) OVER (PARTITION BY name, phone) AS namesakes FROM identity_people WHERE kind = 'person' AND phone IS NOT NULL
),
by_phone AS (
    SELECT a.id, b.id AS other, a.number = b.number AS numbers
    FROM reached AS a JOIN reached AS b ON a.name = b.name AND a.phone = b.phone AND a.id < b.id
    WHERE a.namesakes <= {_NAMESAKES_MOST} AND a.birth IS DISTINCT FROM b.birth
),
named AS (SELECT *, count(*) OVER (PARTITION BY name) AS namesakes FROM identity_people WHERE kind = 'company'),
by_name AS (
    SELECT a.id, b.id AS other FROM named AS a JOIN named AS b ON a.name = b.name AND a.id < b.id
    WHERE a.namesakes <= {_NAMESAKES_MOST} AND (a.number IS NULL OR b.number IS NULL)
)
SELECT id, other, rule, CASE WHEN rule = 'same_id_number_other_name' THEN '{DOUBTFUL}' ELSE '{SURE}' END FROM by_number
UNION ALL
SELECT id, other, CASE WHEN numbers IS FALSE THEN 'same_name_birth_phone_other_number' ELSE 'same_name_birth_phone' END,
    CASE WHEN numbers IS FALSE THEN '{DOUBTFUL}' ELSE '{SURE}' END FROM by_birth WHERE phones
UNION ALL
SELECT id, other, 'same_name_birth', '{DOUBTFUL}' FROM by_birth WHERE phones IS DISTINCT FROM true AND numbers IS NULL
UNION ALL
SELECT id, other, 'same_name_phone', '{DOUBTFUL}' FROM by_phone WHERE numbers IS NULL
UNION ALL
SELECT id, other, 'same_company_name', '{DOUBTFUL}' FROM by_name"""
_PAIRED = f"SELECT id, opened_at FROM identity_people WHERE id IN (SELECT unnest([id, other]) FROM ({_PAIRS}))"


def read_pairs(folder: Path) -> tuple[tuple[str, str], ...]:
    """The pairs of `truth/identities` of a simulated bank. Raises BadInput when there is no such file."""
    found = next((folder / f"identities{ending}" for ending in FORMATS if (folder / f"identities{ending}").is_file()), None)
    if found is None:
        raise BadInput(f"{folder} has no identities file; give the folder truth/ of a simulated bank")
    reader = f"read_parquet({quoted(found)})" if found.suffix == ".parquet" else f"read_csv({quoted(found)}, all_varchar = true)"
    with duckdb.connect() as connection:
        rows = connection.execute(f"SELECT CAST(customer_id AS VARCHAR), CAST(same_as AS VARCHAR) FROM {reader}").fetchall()
    return tuple((str(a), str(b)) for a, b in rows)
