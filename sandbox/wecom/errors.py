"""The two ways to say no: as WeCom does, and as the sandbox's own pages do."""

from typing import Any

WORDS = {
    -1: "system busy",
    40001: "invalid credential",
    40003: "invalid userid",
    40007: "invalid media_id",
    40008: "invalid message type",
    40013: "invalid corpid",
    40014: "invalid access_token",
    40029: "invalid oauth code",
    40058: "invalid Request Parameter",
    40063: "some parameters are empty",
    40068: "invalid tagid",
    40096: "invalid external userid",
    40098: "member is not verified by real name",
    40100: "customer is already in transfer",
    41001: "access_token missing",
    41048: "no customer to send",
    41050: "invalid welcome_code",
    41051: "welcome message already sent or chat already started",
    41063: "message is being dispatched, try again later",
    42001: "access_token expired",
    42003: "oauth code expired",
    42014: "invalid task_id",
    42015: "task_id is not of this app",
    42016: "task_id does not exist",
    43001: "require GET method",
    43002: "require POST method",
    44004: "text content is empty",
    45002: "content size out of limit",
    45009: "api freq out of limit",
    45033: "api concurrent out of limit",
    48002: "api forbidden",
    50001: "redirect_uri is not trusted",
    50002: "member out of scope",
    60011: "no privilege",
    60020: "not allow to access from your ip",
    60111: "userid not found",
    81013: "user & party & tag all invalid",
    84061: "not external contact",
    95000: "invalid open_kfid",
    95001: "send msg count limit",
    95002: "send msg time limit",
    95004: "open_kfid not exist",
    95005: "kf account count limit",
    95006: "invalid kf account name",
    95007: "invalid msg token",
    95008: "menu item count limit",
    95009: "invalid menu item type",
    95013: "session is end",
    95014: "not a servicer or not activated",
    95016: "not allow to trans service state",
    95018: "send msg session status invalid",
    95019: "servicer is stopped",
    95021: "not in upgrade service range",
    95022: "invalid location",
    301002: "no privilege to access this agent",
    701008: "no licensed user",
}


class Refused(Exception):
    """A business error: HTTP 200 with this errcode. `fields` go into the answer beside it."""

    def __init__(self, code: int, hint: str = "", **fields: Any) -> None:
        super().__init__(f"{WORDS.get(code, 'error')}{f', {hint}' if hint else ''}")
        self.code = code
        self.fields = fields


class Impossible(Exception):
    """What a person or the admin asked for cannot be done: HTTP `status` with a sentence."""

    def __init__(self, words: str, status: int = 409) -> None:
        super().__init__(words)
        self.status = status
