"""A question that staff ask again of somebody else: “那李梅呢” after “张伟的健康度”."""

from dataclasses import dataclass

from language.normalise import clip
from language.pronouns import PRONOUN

_LONGEST = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What was asked of one customer last, as the conversation keeps it: the intent, and the sentence with 他 for everybody.

    `sentence` is empty where a button asked.
    """

    intent: str
    sentence: str = ""

    def __str__(self) -> str:
        return f"{self.intent} {clip(self.sentence, _LONGEST)}".rstrip()

    @classmethod
    def parse(cls, text: str | None) -> "Question | None":
        """What `str` wrote."""
        intent, _, sentence = (text or "").partition(" ")
        return cls(intent=intent, sentence=sentence) if intent else None

    def of(self, who: str) -> str:
        """The sentence about somebody else; empty where it named nobody in a place of its own."""
        return PRONOUN.sub(who, self.sentence, count=1) if PRONOUN.search(self.sentence) else ""
