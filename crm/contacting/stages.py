"""The stages of contact, in their order."""

from crm.assessing.stage import Stage
from crm.contacting.answering import build_channels, build_purposes, build_trials, build_usual
from crm.contacting.reaching import build_hours, build_reach

CONTACT_STAGES = (
    Stage(name="channel_trials", title="各渠道的回应", key=("customer_id", "channel", "purpose"), build=build_trials),
    Stage(name="channel_usual", title="同类客户的回应率", key=("kind", "silver", "channel"), build=build_usual, population=True),
    Stage(name="channels", title="渠道偏好", key=("customer_id", "channel"), build=build_channels),
    Stage(name="channel_purposes", title="分目的的渠道偏好", key=("customer_id", "channel", "purpose"), build=build_purposes),
    Stage(name="contact_reach", title="最近一次有来有往", key=("customer_id",), build=build_reach),
    Stage(name="contact_hours", title="在线时段", key=("customer_id", "weekend", "hour"), build=build_hours),
)
