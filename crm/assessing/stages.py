"""The stages in the order in which they are computed. A further judgement is a file of its own and a line here."""

from crm.activity.stages import ACTIVITY_STAGES
from crm.assessing.stage import Stage
from crm.causes.ranking import CAUSE_STAGES
from crm.features.coverage import coverage
from crm.features.stage import aum_months, features
from crm.health.stages import HEALTH_STAGES
from crm.life.judging import LIFE_STAGES
from crm.lifecycle.stages import LIFECYCLE_STAGES
from crm.needs.stages import NEEDS_STAGES
from crm.preferences.stages import PREFERENCE_STAGES
from crm.rfm.cuts import rfm_cuts
from crm.rfm.stage import rfm
from crm.segmentation.stages import CLASS_STAGES

STAGES: tuple[Stage, ...] = (
    Stage(name="coverage", title="各类数据从哪天起有", key=("feed",), build=coverage, population=True),
    Stage(name="features", title="基本特征", key=("customer_id",), build=features),
    Stage(name="aum_months", title="各月日均资产", key=("customer_id", "month"), build=aum_months),
    Stage(name="rfm_cuts", title="RFM 切点", key=("kind", "peers", "measure"), build=rfm_cuts, population=True),
    Stage(name="rfm", title="RFM", key=("customer_id",), build=rfm),
    *LIFE_STAGES,
    *ACTIVITY_STAGES,
    *CAUSE_STAGES,
    *HEALTH_STAGES,
    *LIFECYCLE_STAGES,
    *NEEDS_STAGES,
    *CLASS_STAGES,
    *PREFERENCE_STAGES,
)
