"""Evidence from who a person is: age, household, what was declared, relations."""

import ibis
from ibis import Table

from crm.assessing.workspace import Workspace
from crm.features.relatives import WRITTEN, holding
from crm.needs.rows import latest, row, since, together
from crm.tags.stage import denied_evidence, usable_evidence

_AGES = {
    "age_student": (18, 24),
    "age_starting": (25, 32),
    "age_family": (28, 45),
    "age_middle": (45, 59),
    "age_senior": (60, 120),
    "age_old": (72, 120),
}
#: Attributes are named by the bank: words that tell what one is about, and what its values mean.
_CHILD = "child|kid|孩子|子女|小孩"
_HOUSING = "hous|home|住房|居住"
_CAR = "^car$|vehicle|汽车|车辆|有车"
_NO = "^(无|没有|否|0|no|none|false)$"
_RENTED = "租|rent"
_OWNED = "自有|自住|own|按揭"
_LEVELS = {"cautious": ("C1", "C2"), "balanced": ("C3",), "bold": ("C4", "C5")}
_OWNERS = "个体|老板|店主|企业主|经营|创业|法人|业主"


def people_rows(work: Workspace) -> Table:
    """What is known of persons apart from their dealings."""
    people = work.table("customers")
    people = people.filter(people.kind == "person")
    known = together([*_stages(work, people), *_declared(work), *_levels(work), *_relations(work)])
    return together([known.anti_join(denied_evidence(work), ["customer_id", "evidence"]), _said(work, people)])


def _stages(work: Workspace, people: Table) -> list[Table]:
    age = _age(work, people)
    rows = [row(people.filter(age.between(least, most)), name) for name, (least, most) in _AGES.items()]
    words = people.segments.fill_null("") + ";" + people.occupation.fill_null("")
    told = {"retired": "退休|银发|retire", "owner": _OWNERS, "newlywed": "新婚|newlywed", "child": "育儿|亲子|parent"}
    # A family with a child whose age nobody told: of an age at which it is small, or not.
    rows += [row(people.filter(words.re_search(pattern)), name) for name, pattern in told.items() if name != "child"]
    parents = people.filter(words.re_search(told["child"]))
    young = _age(work, parents) <= 34
    rows.append(row(parents.filter(young.fill_null(False)), "small_child", strength=0.8))
    rows.append(row(parents.filter(~young.fill_null(False)), "child", strength=0.8))
    rows += [row(people.filter(people.marital_status == status), status) for status in ("single", "married")]
    return rows


def _age(work: Workspace, people: Table) -> ibis.expr.types.Value:
    return _years(work, people.birth_date)


def _years(work: Workspace, birth: ibis.expr.types.Value) -> ibis.expr.types.Value:
    return (ibis.date(work.day).delta(birth, unit="day") / 365.25).floor().cast("int64")


def _declared(work: Workspace) -> list[Table]:
    newest = work.keep(latest(work.table("attributes"), by=("customer_id", "name"), order=("as_of",)))
    name, value = newest.name.lower(), newest.value.lower()
    numbers = newest.filter(name.re_search(_CHILD), newest.value.re_search("^[0-9]+$"))
    # A child is as many years older as passed since it was told.
    aged = numbers.mutate(
        age=numbers.value.cast("int64") + (ibis.date(work.day).delta(numbers.as_of, unit="day") / 365.25).floor().cast("int64")
    )
    ages = {"small_child": (0, 5), "child": (6, 17), "teenager": (14, 22)}
    rows = []
    for evidence, (least, most) in ages.items():
        found = aged.filter(aged.age.between(least, most), ~aged.name.lower().re_search("count|number|数"))
        rows.append(_told(found, evidence))
    rows.append(_told(newest.filter(name.re_search(_HOUSING), value.re_search(_RENTED)), "rents"))
    rows.append(_told(newest.filter(name.re_search(_HOUSING), value.re_search(_OWNED)), "owns_home"))
    rows.append(_told(newest.filter(name.re_search(_CAR), value.re_search(_NO)), "no_car"))
    rows.append(_told(newest.filter(name.re_search(_CAR), ~value.re_search(_NO)), "has_car"))
    return rows


def _told(found: Table, evidence: str) -> Table:
    each = found.group_by("customer_id").aggregate(last=found.as_of.max())
    return row(each, evidence, last_on=each["last"])


def _said(work: Workspace, people: Table) -> Table:
    """What the customer agreed to our using, or the relationship manager knows; a child of young parents is a small one."""
    said = usable_evidence(work).inner_join(people.select("customer_id", age=_age(work, people)), "customer_id")
    small = ((said.evidence == "child") & (said.age <= 34)).fill_null(False)
    return row(said, ibis.ifelse(small, "small_child", said.evidence), last_on=said.on, strength=said.strength)


def _levels(work: Workspace) -> list[Table]:
    newest = latest(work.table("risk_assessments"), by=("customer_id",), order=("assessed_on",))
    valid = work.keep(newest.filter(newest.assessed_on > since(work.day, 365)))
    return [row(found := valid.filter(valid.level.isin(levels)), name, last_on=found.assessed_on) for name, levels in _LEVELS.items()]


def _relations(work: Workspace) -> list[Table]:
    relations = holding(work)
    written = relations.side == WRITTEN
    firms = relations.filter(written, relations.kind.isin(["legal_person", "owner"]))
    owned = firms.group_by("customer_id").aggregate(n=ibis.coalesce(firms.related_id, firms.relation_id).nunique())
    children = relations.filter(~written, relations.kind == "parent", _years(work, relations.related_born) >= 65)
    each = children.group_by("customer_id").aggregate(n=children.count())
    return [row(owned, "runs_company", count=owned.n), row(each, "old_parents", count=each.n)]
