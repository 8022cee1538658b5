"""The stages in the order in which they are computed. A further judgement is a file of its own and a line here."""

from crm.activity.stages import ACTIVITY_STAGES
from crm.assessing.stage import Stage
from crm.causes.ranking import CAUSE_STAGES

STAGES: tuple[Stage, ...] = (*ACTIVITY_STAGES, *CAUSE_STAGES)
