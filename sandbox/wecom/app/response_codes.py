"""Response codes: each updates a card once."""

from sandbox.wecom.app.state import ResponseCode, Sent
from sandbox.wecom.errors import Refused
from sandbox.wecom.world import World


def issue(world: World, sent: Sent, until: float) -> str:
    """A new one for that message."""
    code = ResponseCode(world.new_id("resp"), sent.msgid, until)
    world.app.response_codes[code.text] = code
    return code.text


def use(world: World, text: str) -> Sent:
    """The message of a code, which is spent by that. Refused 42016 unknown, 42014 used or too old."""
    code = world.app.response_codes.get(text)
    if code is None:
        raise Refused(42016, "response_code")
    if code.used or world.clock.now() > code.until:
        raise Refused(42014, "response_code is used or too old")
    code.used = True
    return world.app.sent[code.msgid]
