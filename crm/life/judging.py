"""The stages of the run: evidence by customer, points by stage of life, and the likeliest one."""

import ibis
from ibis import Table
from ibis.expr.types import FloatingColumn, IntegerColumn

from crm.assessing.rounding import rounded
from crm.assessing.stage import Stage
from crm.assessing.workspace import Workspace
from crm.life.behaviour import behaviour
from crm.life.definitions import definitions
from crm.life.people import persons, written_down
from crm.life.shapes import joined, together

_DIGITS = 6
_HUNDRED = 100.0
_TOLD = 3


def build_evidence(work: Workspace) -> Table:
    """A row a person and piece of evidence."""
    people = work.keep(persons(work))
    return together([written_down(work, people), behaviour(work, people)])


def build_scores(work: Workspace) -> Table:
    """A row a person of whom anything is known and stage: points, and its probability among the stages.

    `inferred` is the same without what the bank itself says of the stage in its tags.
    """
    evidence, order = work.result("life_evidence"), _stages()
    told = evidence.inner_join(_points(), "evidence")
    declared = told.evidence.startswith(definitions().declared)
    sums = told.group_by("customer_id", "stage").aggregate(
        points=told.points.sum(), inferred_points=told.points.sum(where=~declared).fill_null(0)
    )
    grid = evidence.select("customer_id").distinct().cross_join(order)
    both = joined(grid, sums, ["customer_id", "stage"])
    scored = both.select(
        "customer_id",
        "stage",
        "number",
        points=(both.prior + both.points).cast("int64"),
        inferred_points=(both.prior + both.inferred_points).cast("int64"),
    )
    weighed = scored.mutate(weight=_weight(scored, "points"), inferred_weight=_weight(scored, "inferred_points"))
    return weighed.select(
        "customer_id",
        "stage",
        "points",
        probability=_share(weighed, "weight"),
        inferred=_share(weighed, "inferred_weight"),
        rank=_place(weighed, "points"),
        inferred_rank=_place(weighed, "inferred_points"),
    )


def _weight(scored: Table, points: str) -> FloatingColumn:
    """How likely beside the likeliest stage of the person: no exponent overflows."""
    return ((scored[points] - scored[points].max().over(group_by=scored.customer_id)) / _HUNDRED).exp()


def _share(weighed: Table, weight: str) -> FloatingColumn:
    return rounded(weighed[weight] / weighed[weight].sum().over(group_by=weighed.customer_id), _DIGITS)


def _place(scored: Table, points: str) -> IntegerColumn:
    """1 for the stage with the most points; of equals the one that comes first in a life."""
    window = {"group_by": scored.customer_id, "order_by": [scored[points].desc(), scored.number]}
    return (ibis.row_number().over(**window) + 1).cast("int64")


def build_stages(work: Workspace) -> Table:
    """A row a person. Without evidence, or where none is likely enough, the stage is NULL; the three that speak most for it are named."""
    customers, scores, rules = work.table("customers"), work.result("life_scores"), definitions()
    first = scores.filter(scores["rank"] == 1).select("customer_id", likeliest="stage", chance="probability")
    second = scores.filter(scores["rank"] == 2).select("customer_id", second="stage", second_probability="probability")
    inferred = scores.filter(scores.inferred_rank == 1).select("customer_id", inferred_likeliest="stage", inferred_chance="inferred")
    table = customers.filter(customers.kind == "person").select("customer_id")
    for more in (first, second, inferred, _foremost(work, first)):
        table = joined(table, more, ["customer_id"])
    return table.select(
        "customer_id",
        stage=ibis.ifelse(table.chance >= rules.least, table.likeliest, None),
        probability=table.chance,
        likeliest="likeliest",
        second="second",
        second_probability="second_probability",
        inferred=ibis.ifelse(table.inferred_chance >= rules.least, table.inferred_likeliest, None),
        evidence=table.told.fill_null(""),
        version=ibis.literal(rules.version),
    )


def _foremost(work: Workspace, first: Table) -> Table:
    """The evidence that speaks most for the likeliest stage, most first, joined by `;`: its points there above its mean over all stages."""
    evidence, points = work.result("life_evidence"), _points()
    mean = points.group_by("evidence").aggregate(mean=points.points.mean())
    speaks = evidence.select("customer_id", "evidence").inner_join(first, "customer_id")
    speaks = speaks.inner_join(points.rename(likeliest="stage"), ["evidence", "likeliest"])
    speaks = speaks.select("customer_id", "evidence", "points").inner_join(mean, "evidence")
    speaks = speaks.mutate(above=rounded(speaks.points - speaks.mean, _DIGITS)).select("customer_id", "evidence", "above")
    speaks = speaks.filter(speaks.above > 0)
    place = ibis.row_number().over(group_by=speaks.customer_id, order_by=[speaks.above.desc(), speaks.evidence])
    placed = speaks.mutate(place=place)
    named = [placed.evidence.max(where=placed.place == number) for number in range(_TOLD)]
    each = placed.group_by("customer_id").aggregate(**{f"n{number}": name for number, name in enumerate(named)})
    rest = [ibis.ifelse(each[f"n{number}"].isnull(), "", ibis.literal(";").concat(each[f"n{number}"])) for number in range(1, _TOLD)]
    told = each.n0
    for part in rest:
        told = told.concat(part)
    return each.select("customer_id", told=told)


def _stages() -> Table:
    rows = [{"stage": name, "number": number, "prior": one.prior} for number, (name, one) in enumerate(definitions().stages.items())]
    return ibis.memtable(rows, schema={"stage": "string", "number": "int64", "prior": "int64"})


def _points() -> Table:
    """Every stage has points of every piece of evidence, 0 where the definitions are silent."""
    rules = definitions()
    rows = [
        {"evidence": name, "stage": stage, "points": one.points.get(stage, 0)}
        for name, one in rules.evidence.items()
        for stage in rules.stages
    ]
    return ibis.memtable(rows, schema={"evidence": "string", "stage": "string", "points": "int64"})


LIFE_STAGES = (
    Stage(name="life_evidence", title="人生阶段的依据", key=("customer_id", "evidence"), build=build_evidence),
    Stage(name="life_scores", title="各人生阶段的可能", key=("customer_id", "stage"), build=build_scores),
    Stage(name="stages_of_life", title="人生阶段", key=("customer_id",), build=build_stages),
)
