"""The optional chat model, made from the settings. It words an answer from given cards; everything works without it.

What goes out is the cards and the question with its personal data masked. What comes back is checked against the cards, then by the
wording rules of the gate: words that the gate would stop are dropped here, so that the card answers instead of a safe line. So are words
that repeat our instructions to the model.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from bot.observe import event
from compliance.gate import review
from compliance.masking import mask
from compliance.rule import Context
from compliance.rules import load_rules
from config.settings import Settings
from domain.message import Approved, Draft, Purpose
from domain.party import Party, Role
from handlers.lookups import Phrased
from knowledge.card import Card
from language.normalise import fold
from retrieval.answer import Phraser, prompt

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

_NOBODY = Party(Role.CUSTOMER, "")
_SIGNS = re.compile(r"[\W_]+")
_STRETCH = 10  # characters in a row that no answer shares with our instructions by chance
_NO_KEY = "none"  # a server of one's own may want no key, but the client insists on one and would look for it in the environment


class Phrasing:
    """Words answers within `llm_timeout_s`, however long the model takes. Safe for threads."""

    def __init__(self, settings: Settings) -> None:
        """Make the client; nothing is sent yet. Takes a second or two to import."""
        self._phraser = Phraser(chat_model(settings), within_s=settings.llm_timeout_s)
        self._wording = tuple(rule for rule in load_rules() if rule.judges_text)

    def phrase(self, question: str, cards: Sequence[Card], *, at: datetime) -> Phrased | None:
        """Word an answer. None when the model is slow, down or resting, or said what the cards or the gate's rules do not carry."""
        said = self._phraser.phrase(mask(question).text, cards, at=at)
        if said is None:
            event("phrasing.card_answers")
            return None
        if gives_away(said.text, str(prompt("", cards)[0].content)):
            event("phrasing.refused", rules="instructions")
            return None
        draft = Draft(text=said.text, to=_NOBODY, purpose=Purpose.REPLY, answers=0, ai_generated=True)
        verdict = review(draft, Context(at=at, channel="", in_reply_to_own_message=True), self._wording)
        if not isinstance(verdict, Approved):
            event("phrasing.refused", rules=",".join(sorted({finding.rule for finding in verdict.findings})))
            return None
        event("phrasing.worded", cards=",".join(said.card_ids))
        return Phrased(text=said.text, card_ids=said.card_ids)


def gives_away(said: str, instructions: str) -> bool:
    """Whether a text repeats a stretch of our instructions to the model, however it is spaced or punctuated."""
    text, rules = _SIGNS.sub("", fold(said)), _SIGNS.sub("", fold(instructions))
    return any(text[start : start + _STRETCH] in rules for start in range(len(text) - _STRETCH + 1))


def chat_model(settings: Settings) -> "BaseChatModel":
    """The LangChain chat model of the settings, over the one interface that every server speaks. It never tries twice."""
    from langchain_openai import ChatOpenAI

    return ChatOpenAI(
        model=settings.llm_model,
        base_url=settings.llm_base_url,
        api_key=settings.llm_api_key if settings.llm_api_key.get_secret_value() else type(settings.llm_api_key)(_NO_KEY),
        timeout=settings.llm_timeout_s,
        max_retries=0,
        temperature=0.0,
        use_responses_api=False,
    )
