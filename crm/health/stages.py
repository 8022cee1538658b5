"""The stages of health, in their order."""

from crm.assessing.stage import Stage
from crm.health.measures import build_measures
from crm.health.peers import build_peers
from crm.health.scoring import build_days, build_health

HEALTH_STAGES = (
    Stage(name="health_measures", title="健康度指标", key=("customer_id", "days_back"), build=build_measures),
    Stage(name="health_peers", title="同类客户的水平", key=("days_back", "kind"), build=build_peers, population=True),
    Stage(name="health_days", title="各日健康度", key=("customer_id", "days_back"), build=build_days),
    Stage(name="health", title="客户健康度", key=("customer_id",), build=build_health),
)
