"""Access tokens (D/91039): one per secret, the same while it is valid, 7200 s."""

from dataclasses import dataclass, field

from sandbox.wecom.errors import Refused

TTL_S = 7200


@dataclass
class Issued:
    """A token. `ended` is the errcode of a token that was ended early, 0 while it is good."""

    text: str
    kind: str
    until: float
    ended: int = 0


@dataclass
class Tokens:
    """All tokens ever issued, and the one in force per kind of secret."""

    by_text: dict[str, Issued] = field(default_factory=dict)
    current: dict[str, Issued] = field(default_factory=dict)

    def get(self, kind: str, now: float) -> Issued:
        """The token in force; a new one when there is none."""
        held = self.current.get(kind)
        if held and not held.ended and now < held.until:
            return held
        issued = Issued(f"sandbox-access-token-{kind}-{len(self.by_text) + 1:06d}", kind, now + TTL_S)
        self.by_text[issued.text] = self.current[kind] = issued
        return issued

    def kind_of(self, text: str, now: float) -> str:
        """Whose token it is. Refused 41001, 40014, 42001."""
        if not text:
            raise Refused(41001)
        issued = self.by_text.get(text)
        if issued is None:
            raise Refused(40014)
        if issued.ended:
            raise Refused(issued.ended)
        if now >= issued.until:
            raise Refused(42001)
        return issued.kind

    def end(self, kind: str, code: int) -> int:
        """End the tokens in force early, as Tencent may. Returns how many."""
        ended = [issued for issued in self.current.values() if kind in ("", issued.kind) and not issued.ended]
        for issued in ended:
            issued.ended = code
        return len(ended)
