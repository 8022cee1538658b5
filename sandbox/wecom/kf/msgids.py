"""The msgid that a caller may choose: unique in its account, so it works as an idempotency key."""

import re

from sandbox.wecom import given as g
from sandbox.wecom.endpoint import Json
from sandbox.wecom.errors import Refused
from sandbox.wecom.kf.state import Account
from sandbox.wecom.world import World


def new_msgid(world: World, account: Account, given: Json) -> str:
    """The caller's msgid or one of ours; noted as used. Refuses a repeated one by the errcode of the settings."""
    chosen = g.optional(given, "msgid", most=32, too_long=40058)
    if not re.fullmatch(r"[0-9a-zA-Z_-]*", chosen):
        raise Refused(40058, "msgid")
    if chosen in account.used_msgids:
        raise Refused(world.settings.repeated_msgid_errcode, "msgid is repeated")
    msgid = chosen or world.new_id("msg")
    account.used_msgids.add(msgid)
    return msgid
