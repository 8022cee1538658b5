"""Evidence from what a company is, and from registers, tax, rights and social security: each only while the customer consents."""

import ibis
from ibis import Table

from crm.assessing.workspace import Workspace
from crm.features.relatives import TURNED, WRITTEN, holding
from crm.industry.definitions import industries
from crm.needs.held import open_accounts
from crm.needs.rows import latest, row, since, together
from crm.tags.stage import denied_evidence, usable_evidence


def firm_rows(work: Workspace) -> Table:
    """What is known of companies, and what comes from outside."""
    companies = work.table("customers")
    companies = companies.filter(companies.kind == "company")
    found = together([*_kinds(work, companies), *_chain(work), *_registry(work), *_rights(work), *_tax(work), *_social(work)])
    # What the relationship manager or the company said counts before what stands in the files.
    told = usable_evidence(work).semi_join(companies, "customer_id")
    known = found.anti_join(denied_evidence(work), ["customer_id", "evidence"])
    return together([known, row(told, told.evidence, last_on=told.on, strength=told.strength)])


def _kinds(work: Workspace, companies: Table) -> list[Table]:
    rows = []
    written, coded = companies.industry.fill_null(""), companies.industry_code.fill_null("")
    businesses = [one for one in industries().known.values() if one.need]
    for need in dict.fromkeys(one.need for one in businesses):
        words = "|".join(one.words for one in businesses if one.need == need)
        codes = "|".join(one.code for one in businesses if one.need == need and one.code)
        # The words of the bank go before a code: they say what the company does, a code what it registered once.
        meant = ibis.ifelse(written != "", written.re_search(words), coded.re_search(codes))
        rows.append(row(companies.filter(meant), need))
    rows.append(row(companies.filter(companies.employees >= 10), "staffed"))
    rows.append(row(companies.filter(companies.employees >= 50), "many_staff"))
    rows.append(row(companies.filter(companies.founded_on > since(work.day, 8 * 365)), "young_company"))
    accounts = open_accounts(work)
    counted = accounts.filter(accounts.kind == "deposit").group_by("customer_id").aggregate(n=lambda table: table.count())
    many = counted.filter(counted.n >= 3)
    rows.append(row(many.semi_join(companies, "customer_id"), "many_accounts", count=many.semi_join(companies, "customer_id").n))
    return rows


def _chain(work: Workspace) -> list[Table]:
    """`customer_id` is the supplier (or buyer) of `related_id`; both sides know of each other."""
    relations = holding(work)
    relations = relations.filter(relations.related_id.notnull())
    opposite = {"supplier": "buyer", "buyer": "supplier"}
    rows = []
    for kind, other in opposite.items():
        theirs = (relations.side == TURNED) & (relations.kind == kind)
        ours = (relations.side == WRITTEN) & (relations.kind == other)
        partners = relations.filter(theirs | ours).select("customer_id", partner="related_id").distinct()
        each = partners.group_by("customer_id").aggregate(n=partners.count())
        rows.append(row(each.filter(each.n >= 2), f"many_{kind}s", count=each.filter(each.n >= 2).n))
    return rows


def _registry(work: Workspace) -> list[Table]:
    newest = work.keep(latest(work.table("registry"), by=("customer_id",), order=("as_of",)))
    alive = newest.status.fill_null("active") == "active"
    licensed = newest.filter(alive, newest.trade_licence, newest.licence_until.isnull() | (newest.licence_until > ibis.date(work.day)))
    tech = newest.filter(alive, newest.high_tech)
    return [row(licensed, "trade_licence", last_on=licensed.as_of), row(tech, "high_tech", last_on=tech.as_of)]


def _rights(work: Workspace) -> list[Table]:
    rights = work.table("intellectual_property")
    valid = rights.filter(
        rights.status.fill_null("valid") == "valid",
        rights.granted_on <= ibis.date(work.day),
        rights.valid_until.isnull() | (rights.valid_until > ibis.date(work.day)),
    )
    inventions = valid.filter(valid.kind == "invention")
    rows = []
    for name, table in (("patents", inventions), ("rights", valid)):
        each = table.group_by("customer_id").aggregate(n=table.count(), last=table.granted_on.max())
        rows.append(row(each, name, count=each.n, last_on=each["last"]))
    return rows


def _tax(work: Workspace) -> list[Table]:
    tax = work.result("tax_growth")
    good = tax.filter(tax.grade.isin(["A", "B"]))
    growing = tax.filter(tax.compared >= 4, tax.growth >= 0.2)
    selling = tax.filter(tax.compared >= 4, tax.revenue_growth >= 0.2)
    return [
        row(good, "tax_good", last_on=good.last_month),
        row(growing, "tax_growing", count=growing.compared, last_on=growing.last_month),
        row(selling, "revenue_growing", count=selling.compared, last_on=selling.last_month),
    ]


def _social(work: Workspace) -> list[Table]:
    months = work.table("social_security")
    months = months.filter(months.month <= ibis.date(work.day), months.month > since(work.day, 400))
    order = {"group_by": "customer_id", "order_by": "month"}
    chained = months.mutate(before=months.base.lag().over(**order), employer_before=months.employer.lag().over(**order))
    raised = chained.filter(chained.before > 0, chained.base.cast("float64") >= chained.before.cast("float64") * 1.1)
    up = raised.group_by("customer_id").aggregate(last=raised.month.max())
    moved = chained.filter(chained.employer.notnull(), chained.employer_before.notnull(), chained.employer != chained.employer_before)
    changed = moved.group_by("customer_id").aggregate(last=moved.month.max())
    newest = latest(months, by=("customer_id",), order=("month",))
    saved = newest.filter(newest.housing_fund >= 2000)
    return [
        row(up, "base_up", last_on=up["last"]),
        row(changed, "employer_changed", last_on=changed["last"]),
        row(saved, "housing_fund", last_on=saved.month),
    ]
