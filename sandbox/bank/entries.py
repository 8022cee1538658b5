"""Entries before they are booked: arrays, one place an entry, with what most entries share as defaults."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

KINDS = (
    "payment", "transfer", "cash", "payroll", "pension", "purchase", "redemption", "repayment", "exchange", "tax", "interest", "fee",
    "other",
)  # fmt: skip
KIND = {name: np.int8(place) for place, name in enumerate(KINDS)}
CHANNELS = ("mobile", "web", "counter", "atm", "pos", "third_party", "batch", "other")
CHANNEL = {name: np.int8(place) for place, name in enumerate(CHANNELS)}
OUTSIDE = 100_000_000  # accounts of other banks have codes from here on

Entries = dict[str, NDArray[Any]]

# What an entry has besides account, at and cents: type, and the value when nothing is said.
_REST: dict[str, tuple[Any, Any]] = {
    "kind": (np.int8, 0),
    "channel": (np.int8, 0),
    "bank": (np.bool_, False),
    "party": (np.int32, -1),  # place in shops.COUNTERPARTIES
    "other": (np.int64, -1),  # code of the account of the other side
    "category": (np.int8, -1),
    "country": (np.int8, -1),
    "their_bank": (np.int8, -1),
    "memo": (np.int8, -1),
    "own": (np.int8, -1),  # 1 yes, 0 no, -1 is not said
}


def entries(account: NDArray[Any], at: NDArray[Any], cents: Any, **rest: Any) -> Entries:
    """Entries of these accounts. What is given as one value holds for all."""
    size = len(account)
    made: Entries = {
        "account": np.asarray(account, dtype=np.int32),
        "at": np.broadcast_to(np.asarray(at, dtype=np.int64), size),
        "cents": np.broadcast_to(np.asarray(cents).astype(np.int64), size),
    }
    for name, (kind, usual) in _REST.items():
        made[name] = np.broadcast_to(np.asarray(rest.pop(name, usual), dtype=kind), size)
    if rest:
        raise TypeError(f"an entry has no {', '.join(rest)}")
    return made


def move(source: NDArray[Any], target: NDArray[Any], codes: NDArray[Any], at: NDArray[Any], cents: Any, **rest: Any) -> list[Entries]:
    """Money from one account of the chunk to another: two entries. `codes` are those of all accounts."""
    amount = np.broadcast_to(np.asarray(cents).astype(np.int64), len(source))
    return [entries(source, at, -amount, other=codes[target], **rest), entries(target, at, amount, other=codes[source], **rest)]


def together(parts: Iterable[Entries]) -> Entries:
    """All entries in one."""
    found = [part for part in parts if len(part["account"])]
    if not found:
        return entries(np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
    return {name: np.concatenate([part[name] for part in found]) for name in found[0]}


def chosen(all_of_them: Entries, which: NDArray[Any]) -> Entries:
    """Some of the entries, by a mask or by places."""
    return {name: array[which] for name, array in all_of_them.items()}
