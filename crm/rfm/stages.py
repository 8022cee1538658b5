"""The stages of RFM, for `crm.assessing.stages`."""

from crm.assessing.stage import Stage
from crm.rfm.cuts import rfm_cuts, rfm_values
from crm.rfm.stage import rfm

RFM_STAGES: tuple[Stage, ...] = (
    Stage(name="rfm_values", title="月初的 RFM", key=("customer_id",), build=rfm_values),
    Stage(name="rfm_cuts", title="RFM 切点", key=("kind", "peers", "measure"), build=rfm_cuts, population=True),
    Stage(name="rfm", title="RFM", key=("customer_id",), build=rfm),
)
