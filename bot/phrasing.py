"""The optional chat model, made from the settings: any that speaks the OpenAI protocol. What leaves for it carries no personal data."""

from collections.abc import Sequence
from datetime import datetime

from langchain_openai import ChatOpenAI

from compliance.masking import mask
from config.settings import Settings
from handlers.lookups import Phrased
from knowledge.card import Card
from retrieval.answer import Phraser

_CARDS = 3  # given to the model: the best ones only


class Phrasing:
    """Words answers from cards. Everything that can go wrong ends in None, and the card's own answer is used."""

    def __init__(self, settings: Settings) -> None:
        model = ChatOpenAI(
            model=settings.llm_model,
            base_url=settings.llm_base_url,
            api_key=settings.llm_api_key or None,
            timeout=settings.llm_timeout_s,
            max_retries=0,  # a second try would come too late: the card answers at once
            temperature=0,
        )
        self._phraser = Phraser(model, within_s=settings.llm_timeout_s)

    def phrase(self, question: str, cards: Sequence[Card], *, at: datetime) -> Phrased | None:
        """Ask for an answer to the masked question. None when the model is slow, down or says what the cards do not."""
        answer = self._phraser.phrase(mask(question).text, cards[:_CARDS], at=at)
        return Phrased(text=answer.text, card_ids=answer.card_ids) if answer else None
