"""The stage of priorities: after all that it rests on."""

from crm.assessing.stage import Stage
from crm.priorities.collecting import build_priorities

PRIORITY_STAGES = (Stage(name="priorities", title="今天可做的事", key=("customer_id", "what"), build=build_priorities),)
