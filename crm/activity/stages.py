"""The stages of activity, in their order."""

from crm.activity.counting import build_coverage, build_weeks
from crm.activity.evaluating import build_activity, build_counts, build_evaluations, build_peers
from crm.activity.gaps import build_gaps
from crm.activity.our_names import build_our_names
from crm.activity.outflow import build_outflow
from crm.activity.warning import build_warnings
from crm.assessing.stage import Stage

ACTIVITY_STAGES = (
    Stage(name="activity_coverage", title="活跃数据起点", key=("what",), build=build_coverage, population=True),
    Stage(name="activity_weeks", title="每周活跃", key=("customer_id", "week"), build=build_weeks),
    Stage(name="activity_gaps", title="沉默天数", key=("customer_id",), build=build_gaps),
    Stage(name="activity_counts", title="活跃窗口", key=("customer_id", "evaluated_on"), build=build_counts),
    Stage(name="activity_peers", title="同类客户的变化", key=("evaluated_on", "kind", "stage"), build=build_peers, population=True),
    Stage(name="activity_evaluations", title="逐周判断", key=("customer_id", "evaluated_on"), build=build_evaluations),
    Stage(name="activity", title="活跃度变化", key=("customer_id",), build=build_activity),
    Stage(name="our_names", title="本行名称", key=("counterparty_bank",), build=build_our_names, population=True),
    Stage(name="outflow", title="资产流出", key=("customer_id",), build=build_outflow),
    Stage(name="warnings", title="流失预警", key=("customer_id",), build=build_warnings),
)
