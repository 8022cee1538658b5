"""The stage `industry_signs`: by which of its files the bank takes a company for one of a business; dealings are evidence of needs."""

import ibis
from ibis import Table

from crm.assessing.stage import Stage
from crm.assessing.workspace import Workspace
from crm.industry.definitions import industries


def build(work: Workspace) -> Table:
    """customer_id, industry, sign (`written` or `coded`), detail: the words or the code themselves."""
    companies = work.table("customers")
    companies = companies.filter(companies.kind == "company")
    rows = []
    for one in industries().known.values():
        for sign, column, pattern in (("written", companies.industry, one.words), ("coded", companies.industry_code, one.code)):
            if not pattern:
                continue
            meant = companies.filter(column.fill_null("").re_search(pattern))
            detail = meant[column.get_name()]
            rows.append(meant.select("customer_id", industry=ibis.literal(one.id), sign=ibis.literal(sign), detail=detail))
    return ibis.union(*rows).mutate(version=ibis.literal(industries().version))


INDUSTRY_STAGES = (Stage(name="industry_signs", title="企业行业", key=("customer_id", "industry", "sign"), build=build),)
