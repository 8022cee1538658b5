"""Which events a trigger counts: the one definition, for the events of one customer and for the pages of a whole bank."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache, lru_cache

from crm.needs.definitions import read
from crm.triggers.definitions import Trigger
from domain.app_events import AppEvent, Looks, Watch

#: What a product of a kind is about, where neither its name nor the page says so.
_THEME_OF_KIND = {"fund": "fund", "wealth": "wealth", "insurance": "insurance", "gold": "gold", "card": "credit_card"}


def themes_of(page: str, item: str, products: Mapping[str, tuple[str, str]]) -> frozenset[str]:
    """What a page is about. What was typed or chosen by name is closest to what was meant, then the page, then the product.

    `products` gives name and kind by code.
    """
    name, kind = products.get(item, ("", ""))
    for words in (item, page, name):
        if found := _told(words.lower()):
            return found
    return frozenset({_THEME_OF_KIND[kind]}) if kind in _THEME_OF_KIND else frozenset()


def looks(trigger: Trigger, events: Sequence[AppEvent], *, until: datetime, products: Mapping[str, tuple[str, str]]) -> Looks | None:
    """How often a customer did what the trigger watches for, within its days up to the instant. None where not even once, or settled."""
    seen = trigger.seen
    since = until - timedelta(days=seen.days)
    near = [one for one in events if since < one.at <= until and _is_about(seen.themes, one, products)]
    counted = [one for one in near if one.kind in seen.kinds]
    if not counted:
        return None
    last = max(counted, key=lambda one: (one.at, one.event_id))
    if any(one.at > last.at for one in near if one.kind in seen.settled_by):
        return None
    return Looks(count=len(counted), last_at=last.at, page=last.page)


def watch(trigger: Trigger, pages: Iterable[tuple[str, str]], *, until: datetime, products: Mapping[str, tuple[str, str]]) -> Watch:
    """The same for all customers of a bank that has these pages."""
    seen = trigger.seen
    about = [one for one in pages if not themes_of(*one, products).isdisjoint(seen.themes)] if seen.themes else None
    return Watch(
        kinds=seen.kinds,
        least=seen.least,
        since=until - timedelta(days=seen.days),
        until=until,
        pages=about,
        settled_by=seen.settled_by,
    )


def title_of(theme: str) -> str:
    """The theme in Chinese."""
    return str(read("evidence")["pages"]["themes"][theme]["title"])


def _is_about(themes: tuple[str, ...], event: AppEvent, products: Mapping[str, tuple[str, str]]) -> bool:
    return not themes or not themes_of(event.page, event.item, products).isdisjoint(themes)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((theme, re.compile(body["words"])) for theme, body in read("evidence")["pages"]["themes"].items())


@lru_cache(100_000)  # each trigger asks for the same pages
def _told(words: str) -> frozenset[str]:
    return frozenset(theme for theme, pattern in _patterns() if pattern.search(words)) if words else frozenset()
