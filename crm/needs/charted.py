"""The needs of one customer as a chat shows them: what may be used now, and when it was judged."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from crm.needs.definitions import NO_CONSENT, PROFILING, needs, read
from crm.needs.graph import NeedView, Signal, signals, views
from domain.book import Consent

Offer = tuple[str, str, str]  # category, code, name


@dataclass(frozen=True, slots=True, kw_only=True)
class Charted:
    """`day` is that of the run. `withdrawn` are purposes that the customer took back, `offers` what is on sale,
    `open` says whether money may be told of."""

    customer_id: str
    name: str
    kind: str
    day: date
    views: tuple[NeedView, ...]
    known: Mapping[str, Signal]
    withdrawn: frozenset[str]
    offers: tuple[Offer, ...]
    open: bool

    @property
    def likely(self) -> tuple[NeedView, ...]:
        """Needs that are shown as such."""
        return tuple(view for view in self.views if view.probability >= needs().shown_from)

    def serving(self, view: NeedView, most: int = 2) -> list[Offer]:
        """What is on sale and meets the need; first what is called after it."""
        wanted, called = view.definition.serves, re.compile(read("called")[view.definition.id])
        found = [offer for offer in self.offers if offer[0] in wanted]
        return sorted(found, key=lambda offer: (called.search(offer[2]) is None, wanted.index(offer[0]), offer[1]))[:most]

    def said(self, signal: Signal) -> str:
        """What was seen, without what is for those who stepped up."""
        return signal.said if self.open or not needs().evidence[signal.evidence].private else "资金情况（验证口令后可看）"


def charted(
    rows: Iterable[Mapping[str, Any]],
    consents: Iterable[Consent],
    *,
    customer_id: str,
    name: str,
    kind: str,
    day: date,
    offers: tuple[Offer, ...] = (),
    open_: bool = False,
) -> Charted:
    """Rows of the last run, without what the customer took back since then."""
    latest: dict[str, Consent] = {}
    for word in sorted(consents, key=lambda one: one.at):
        latest[word.purpose] = word
    withdrawn = frozenset(purpose for purpose, word in latest.items() if not word.granted)
    known = {name: signal for name, signal in signals(rows).items() if _usable(signal, withdrawn)}
    return Charted(
        customer_id=customer_id,
        name=name,
        kind=kind,
        day=day,
        views=views(known, kind=kind),
        known=known,
        withdrawn=withdrawn,
        offers=offers,
        open=open_,
    )


def _usable(signal: Signal, withdrawn: frozenset[str]) -> bool:
    return signal.consent == NO_CONSENT or (PROFILING not in withdrawn and signal.consent not in withdrawn)
