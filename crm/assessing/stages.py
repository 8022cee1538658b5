"""The stages in the order in which they are computed. A further judgement is a file of its own and a line here."""

from crm.activity.stages import ACTIVITY_STAGES
from crm.assessing.stage import Stage
from crm.causes.ranking import CAUSE_STAGES
from crm.contacting.stages import CONTACT_STAGES
from crm.features.stages import FEATURE_STAGES
from crm.health.stages import HEALTH_STAGES
from crm.industry.stage import INDUSTRY_STAGES
from crm.life.judging import LIFE_STAGES
from crm.lifecycle.stages import LIFECYCLE_STAGES
from crm.needs.stages import NEEDS_STAGES
from crm.preferences.stages import PREFERENCE_STAGES
from crm.priorities.stages import PRIORITY_STAGES
from crm.rfm.stages import RFM_STAGES
from crm.segmentation.stages import CLASS_STAGES
from crm.tags.stage import TAG_STAGES
from crm.triggers.stages import TRIGGER_STAGES

STAGES: tuple[Stage, ...] = (
    *FEATURE_STAGES,
    *RFM_STAGES,
    *TAG_STAGES,
    *LIFE_STAGES,
    *ACTIVITY_STAGES,
    *CAUSE_STAGES,
    *HEALTH_STAGES,
    *CONTACT_STAGES,
    *LIFECYCLE_STAGES,
    *NEEDS_STAGES,
    *INDUSTRY_STAGES,
    *CLASS_STAGES,
    *PREFERENCE_STAGES,
    *PRIORITY_STAGES,
    *TRIGGER_STAGES,
)
