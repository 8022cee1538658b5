"""The search as a LangChain retriever, for chains and agents that know nothing of ours. Bound to one role and day, as all lookups are."""

from datetime import date
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from domain.party import Role
from retrieval.evidence import Hit
from retrieval.search import Search


class CardRetriever(BaseRetriever):
    """Documents are the visible cards for a question, best first; none when the base does not have an answer."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    search: Search
    role: Role
    on: date
    k: int = 5

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:  # noqa: ARG002 - LangChain's signature
        evidence = self.search.search(query, role=self.role, on=self.on, k=self.k)
        return [as_document(hit) for hit in evidence.hits] if evidence.decision != "none" else []


def as_document(hit: Hit) -> Document:
    """A card as a LangChain document: the wording as text, what traces it as metadata."""
    card = hit.card
    metadata: dict[str, Any] = {
        "card_id": card.id,
        "title": card.title,
        "kind": card.kind.value,
        "approval": card.approval,
        "valid_until": card.valid_until.isoformat(),
        "score": round(hit.score, 6),
    }
    return Document(id=card.id, page_content=card.answer + ("\n\n" + card.details if card.details else ""), metadata=metadata)
