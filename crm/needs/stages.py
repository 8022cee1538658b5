"""The stages of needs, in their order."""

from crm.assessing.stage import Stage
from crm.needs.collect import evidence
from crm.needs.held import offers, purchases
from crm.needs.pages import page_looks, page_norms
from crm.needs.tax import tax_growth, tax_months
from crm.needs.weigh import weighed

NEEDS_STAGES: tuple[Stage, ...] = (
    Stage(name="purchases", title="购买记录", key=("customer_id", "on", "category"), build=purchases),
    Stage(name="offers", title="在售产品", key=("category", "product_code"), build=offers, population=True),
    Stage(name="page_looks", title="各人浏览次数", key=("customer_id", "theme"), build=page_looks),
    Stage(name="page_norms", title="同类浏览基线", key=("kind", "theme", "named"), build=page_norms, population=True),
    Stage(name="tax_months", title="纳税月份", key=("customer_id", "month"), build=tax_months),
    Stage(name="tax_growth", title="纳税增长", key=("customer_id",), build=tax_growth),
    Stage(name="evidence", title="需求证据", key=("customer_id", "evidence"), build=evidence),
    Stage(name="needs", title="需求图谱", key=("customer_id", "rank"), build=weighed),
)
