"""What the bank has written down of a person: age, marriage, work, tags, relations, attributes, loans."""

from datetime import timedelta

import ibis
from ibis import Table

from crm.assessing.workspace import Workspace
from crm.features.relatives import WRITTEN, holding
from crm.life.definitions import definitions
from crm.life.said import said_stages
from crm.life.shapes import age_on, contains_any, evidence_of, together

_YEAR = 365
_OF_AGE = 18


def persons(work: Workspace) -> Table:
    """Every person with `age`: by birth, else as an attribute says; NULL where neither is known or can be."""
    rules = definitions()
    customers = work.table("customers")
    people = customers.filter(customers.kind == "person")
    said = attribute(work, "age")
    number = ibis.ifelse(said.value.re_search(r"^[0-9]{1,3}$"), said.value, None).cast("int64")
    both = people.left_join(said.select("customer_id", said_age=number), "customer_id")
    age = age_on(work.day, both.birth_date).coalesce(both.said_age)
    return both.mutate(age=ibis.ifelse((age >= 0) & (age <= rules.oldest), age, None)).select(*people.columns, "age")


def attribute(work: Workspace, what: str) -> Table:
    """The latest value that the bank gives under one of the names of `what`, one row a customer."""
    table = work.table("attributes")
    named = table.filter(table.name.lower().isin(definitions().attributes[what]))
    place = ibis.row_number().over(group_by=named.customer_id, order_by=[named.as_of.desc(), named.name, named.value])
    return named.mutate(place=place).filter(ibis._.place == 0).select("customer_id", "value")


def written_down(work: Workspace, people: Table) -> Table:
    """All of it, one row a customer and piece of evidence."""
    rules = definitions()
    known = people.filter(people.age.notnull())
    bands = list(rules.ages.items())
    band = ibis.cases(*((known.age >= first, name) for first, name in reversed(bands)), else_=bands[0][1])
    return together(
        [
            evidence_of(known, band, detail=known.age),
            _marital(work, people),
            _work(people),
            *_tags(people),
            said_stages(work),
            _spouses(work),
            _children(work),
            _children_said(work),
            _child_ages(work),
            _family(work),
            _mortgages(work),
        ]
    )


def _marital(work: Workspace, people: Table) -> Table:
    rules = definitions()
    said = attribute(work, "marital")
    both = people.left_join(said.select("customer_id", said=said.value.lower()), "customer_id")
    status = both.marital_status.coalesce(
        ibis.cases(*((both.said.isin(words), name) for name, words in rules.marital.items()), else_=ibis.null("string"))
    )
    told = both.mutate(status=status)
    told = told.filter(told.status.isin(list(rules.marital)))
    return evidence_of(told, ibis.literal("marital_").concat(told.status))


def _work(people: Table) -> Table:
    rules = definitions()
    told = people.filter(people.occupation.notnull())
    student = told.occupation.isin(rules.student_is) | told.occupation.endswith(rules.student_ends)
    retired = contains_any(told.occupation, rules.retired_words)
    name = ibis.cases((student, "student_work"), (retired, "retired_work"), else_="working")
    return evidence_of(told, name, detail=told.occupation)


def _tags(people: Table) -> list[Table]:
    rows = []
    for stage, words in definitions().tags.items():
        tagged = people.filter(contains_any(people.segments, words))
        rows.append(evidence_of(tagged, f"tag_{stage}", detail=tagged.segments))
    return rows


def _spouses(work: Workspace) -> Table:
    """Of both, whichever of them the bank wrote down as the spouse of the other."""
    relations = holding(work)
    married = relations.filter(relations.kind == "spouse")
    each = married.group_by("customer_id").aggregate(since=married.since.max())
    new = each.since > ibis.date(work.day - timedelta(days=definitions().newly_days))
    return evidence_of(each, ibis.ifelse(new.fill_null(False), "spouse_new", "spouse"), last_on=each.since)


def _children(work: Workspace) -> Table:
    """By when the youngest came: born, else when the relation began. Of both the elder is the parent, whichever way the row is written."""
    relations = holding(work)
    parents = relations.filter(relations.kind == "parent")
    # The birthdays of both as the bank wrote the relation down: `mine` is the parent's, if it was not written the wrong way.
    written = parents.side == WRITTEN
    mine, theirs = ibis.ifelse(written, parents.born, parents.related_born), ibis.ifelse(written, parents.related_born, parents.born)
    rows = parents.mutate(written=written, mine=mine, theirs=theirs)
    # A relation that began when this person was born is with a parent.
    born_into = (rows.theirs.isnull() & (rows.since <= (rows.mine + ibis.interval(days=_YEAR)).cast("date"))).fill_null(False)
    turned = rows.related_id.notnull() & ((rows.theirs < rows.mine).fill_null(False) | born_into)
    ours = rows.filter(rows.written, ~turned & ~born_into).select("customer_id", born=rows.theirs.coalesce(rows.since))
    others = rows.filter(~rows.written, turned).select("customer_id", born=rows.mine.coalesce(rows.since))
    children = ours.union(others)
    each = children.group_by("customer_id").aggregate(born=children.born.max(), count=children.count())
    young = each.born > ibis.date(work.day - timedelta(days=definitions().child_days))
    name = ibis.cases((each.born.isnull(), "child"), (young, "child_young"), else_="child_grown")
    return evidence_of(each, name, count=each["count"], last_on=each.born)


def _children_said(work: Workspace) -> Table:
    said = attribute(work, "children")
    some = said.filter(said.value.re_search(r"^[1-9][0-9]?$"))
    return evidence_of(some, "children_said", detail=some.value)


def _child_ages(work: Workspace) -> Table:
    said = attribute(work, "child_age")
    known = said.filter(said.value.re_search(r"^[0-9]{1,2}$"))
    grown = ibis.ifelse(known.value.re_search(r"^[0-9]{1,2}$"), known.value, None).cast("int64") >= _OF_AGE
    return evidence_of(known, ibis.ifelse(grown, "child_grown_said", "child_young_said"), detail=known.value)


def _family(work: Workspace) -> Table:
    said = attribute(work, "family_size")
    some = said.filter(said.value.re_search(r"^[1-9][0-9]?$"))
    name = ibis.cases((some.value == "1", "family_of_one"), (some.value == "2", "family_of_two"), else_="family_of_more")
    return evidence_of(some, name, detail=some.value)


def _mortgages(work: Workspace) -> Table:
    loans = work.table("loans")
    today = ibis.date(work.day)
    running = loans.filter(loans.kind == "mortgage", loans.settled_on.isnull() | (loans.settled_on > today), loans.ends_on > today)
    each = running.group_by("customer_id").aggregate(count=running.count(), last_on=running.started_on.max())
    return evidence_of(each, "mortgage", count=each["count"], last_on=each.last_on)
