"""The product master as the gate needs it: by code, and found by name or code inside free text.

Names are compared in folded form, so width, script, case, blanks and signs do not hide one. A product is also found by the stem of its
name (安享增利 for 安享增利90天持有期理财产品A款); where several products share a stem, it stands for all of them.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from compliance.text import Text
from domain.book import Product
from language.normalise import fold

_SHORTEST_STEM = 4  # shorter pieces are ordinary words
_LED_BY = 2  # names are looked up by their first characters
_TAIL = re.compile(
    r"(?:(?:理财|基金|存款|保险)?产品|理财计划|系列|[a-z]类?|[0-9一二三四五六七八九十]+(?:号|期|款|天|日|个月|月|年|季)?"
    r"|[号期款类]|半年|季度|持有期?|最短|封闭式?|开放式?|定开|定期开放|净值型)$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Products by code. Build it once per version of the product master with `of`."""

    products: Mapping[str, Product]
    _names: Mapping[str, tuple[tuple[str, frozenset[str]], ...]]

    @classmethod
    def of(cls, products: Iterable[Product]) -> "Catalogue":
        """Index the products of the master."""
        by_code = {product.code: product for product in products}
        spelled: dict[str, set[str]] = {}
        for product in by_code.values():
            for name in {fold(product.code), fold(product.name), _stem(fold(product.name))} - {""}:
                spelled.setdefault(name, set()).add(product.code)
        led: dict[str, list[tuple[str, frozenset[str]]]] = {}
        for name, codes in sorted(spelled.items(), key=lambda item: -len(item[0])):
            led.setdefault(name[:_LED_BY], []).append((name, frozenset(codes)))
        return cls(
            products=MappingProxyType(by_code),
            _names=MappingProxyType({start: tuple(names) for start, names in led.items()}),
        )

    def mentioned(self, text: Text) -> tuple[str, ...]:
        """Find the codes of the products that a text names, sorted."""
        plain = "".join([char for char in text.folded.text if char.isalnum()])
        found: set[str] = set()
        position = 0
        while position < len(plain):
            for name, codes in self._names.get(plain[position : position + _LED_BY], ()):
                if plain.startswith(name, position) and _stands_alone(plain, position, name):
                    found |= codes
                    position += len(name) - 1
                    break
            position += 1
        return tuple(sorted(found))


def _stem(name: str) -> str:
    stem = name
    while (shorter := _TAIL.sub("", stem)) != stem and len(shorter) >= _SHORTEST_STEM:
        stem = shorter
    return stem if len(stem) >= _SHORTEST_STEM else name


def _stands_alone(plain: str, start: int, name: str) -> bool:
    """Keep P101 from being found inside P1012 or AP101; Chinese names have no such border."""
    end = start + len(name)
    runs_on = end < len(plain) and name[-1].isascii() and plain[end].isascii() and (not name[-1].isdigit() or plain[end].isdigit())
    runs_in = start > 0 and name[0].isascii() and plain[start - 1].isascii() and plain[start - 1].isalpha()
    return not (runs_on or runs_in)


EMPTY = Catalogue.of(())
