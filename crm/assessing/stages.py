"""The stages in the order in which they are computed. A further judgement is a file of its own and a line here."""

from crm.assessing.stage import Stage
from crm.life.judging import LIFE_STAGES

STAGES: tuple[Stage, ...] = (*LIFE_STAGES,)
