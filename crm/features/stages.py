"""The stages of features, for `crm.assessing.stages`."""

from crm.assessing.stage import Stage
from crm.features.coverage import coverage
from crm.features.relatives import relatives
from crm.features.stage import aum_months, features

RELATIVES = Stage(name="relatives", title="客户之间的关系", key=("customer_id", "relation_id", "side"), build=relatives, mutual=True)

FEATURE_STAGES: tuple[Stage, ...] = (
    Stage(name="coverage", title="各类数据从哪天起有", key=("feed",), build=coverage, population=True),
    RELATIVES,
    Stage(name="features", title="基本特征", key=("customer_id",), build=features),
    Stage(name="aum_months", title="各月日均资产", key=("customer_id", "month"), build=aum_months),
)
