"""The echo that stands in for the dialogue when somebody else's server drives a channel (`run --rig echo`): `R:` and what was said.

Everything around it is the product's own: edges, inbox, mover, ledger, channel. Only in a sandbox, and never against the real WeCom.
"""

import time
from datetime import datetime
from urllib.parse import urlsplit

from bot.dialogue import Decision
from bot.inbound_text import readable
from config.settings import Settings
from domain.conversation import Conversation
from domain.effects import Say
from domain.errors import BadSettings
from domain.message import Draft, Purpose
from domain.party import Role
from domain.ports import InboxRow, Records

_REAL = "weixin.qq.com"
_THINKING_AT_ONCE = 32


class Echo:
    """Answers like `bot.dialogue.Dialogue`. `thinks_s` is how long it takes to do so."""

    def __init__(self, *, thinks_s: float) -> None:
        self._thinks_s = thinks_s

    def decide(self, records: Records, conversation: Conversation, row: InboxRow, *, at: datetime) -> Decision:  # noqa: ARG002
        """Say again what was said."""
        if row.inbound.kind == "enter":
            return Decision(intent="echo", confidence=1.0, effects=(), reason="rig")
        if self._thinks_s:
            time.sleep(self._thinks_s)
        purpose = Purpose.REPLY if conversation.party.role is Role.CUSTOMER else Purpose.INTERNAL
        draft = Draft(text=f"R:{readable(row.inbound)}", to=conversation.party, purpose=purpose, answers=row.id)
        return Decision(intent="echo", confidence=1.0, effects=(Say(draft=draft),), reason="rig")


def rig_settings(settings: Settings, which: str) -> Settings:
    """The settings of a rig: a sandbox. Raises BadSettings where real customers could hear the echo."""
    host = urlsplit(settings.wecom_api_base).hostname or ""
    if settings.wecom_corp_id and (host == _REAL or host.endswith(f".{_REAL}")):
        raise BadSettings("the echo never speaks to the real WeCom; set PEIBAN_WECOM_API_BASE to a server of your own")
    workers = max(settings.workers, _THINKING_AT_ONCE) if settings.rig_delay else settings.workers
    return settings.model_copy(update={"rig": which, "sandbox": True, "workers": workers})
