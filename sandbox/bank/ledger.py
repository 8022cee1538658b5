"""Book the entries of a chunk: sorted, funded, with interest, and the balances that follow. No deposit is ever below zero."""

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.random import Generator
from numpy.typing import NDArray

from sandbox.bank.accounts import CARD, DEPOSIT, Accounts
from sandbox.bank.columns import cents, days, identifiers, instants, words
from sandbox.bank.entries import CHANNEL, CHANNELS, KIND, KINDS, OUTSIDE, Entries, chosen, entries, together
from sandbox.bank.shops import BANKS, COUNTERPARTIES, COUNTRIES, MCC, MEMO, MEMOS
from sandbox.bank.world import DAY, EAST, World

_TAKEN_BACK = 0.004  # of the payments
_LATE, _TWICE, _ASTRAY = 0.008, 0.0008, 0.004  # shares of rows that come late, twice, out of order
_INTEREST = 0.05 / 100 / 12
_CLOSING = 8 * 3600  # seconds before the end of the last day of an account: what is left on it is paid out
_FUNDING = 300  # seconds after the opening

Ints = NDArray[Any]


def book(world: World, chance: Generator, accounts: Accounts, opened_at: Ints, parts: list[Entries]) -> tuple[pa.Table, pa.Table]:
    """Transactions and balances. `opened_at` is that of the customers."""
    found = together(parts)
    begin = np.maximum(opened_at[accounts.owner] + 2 * _FUNDING, np.maximum(world.begin, accounts.opened * DAY - EAST))
    end = np.where(accounts.closed >= 0, accounts.closed * DAY - EAST - _CLOSING, world.end)
    account, at = found["account"], found["at"]
    found = chosen(found, (at >= begin[account]) & (at < end[account]) & (found["cents"] != 0))
    found, reverses = _with_reversals(chance, found, end)
    real = len(found["account"])
    found = together([found, _funding(world, accounts, opened_at), _interest(world, accounts), _closing(accounts)])
    size = len(found["account"])
    key = found["account"].astype(np.int64) * (1 << 36) + found["at"] - world.begin + DAY
    key[real : real + len(accounts.owner)] -= (found["at"] - world.begin + DAY)[real : real + len(accounts.owner)]  # funds come first
    order = np.argsort(key, kind="stable")
    place = np.empty(size, dtype=np.int64)
    place[order] = np.arange(size)
    back = np.full(size, -1, dtype=np.int64)
    back[:real] = np.where(reverses >= 0, place[np.maximum(reverses, 0)], -1)
    found, back = chosen(found, order), back[order]
    balance = _settle(world, accounts, found, place[real : real + len(accounts.owner)])
    moved = found["cents"] != 0
    return _transactions(world, chance, accounts, found, back, moved), _balances(world, accounts, found, balance)


def _with_reversals(chance: Generator, found: Entries, end: Ints) -> tuple[Entries, Ints]:
    paid = np.flatnonzero((found["kind"] == KIND["payment"]) & ~found["bank"])
    taken = paid[chance.random(len(paid)) < _TAKEN_BACK]
    again = chosen(found, taken)
    again["cents"] = -again["cents"]
    again["at"] = again["at"] + chance.integers(1_800, 5 * DAY, len(taken))
    inside = again["at"] < end[again["account"]]
    again = chosen(again, inside)
    reverses = np.concatenate([np.full(len(found["account"]), -1), taken[inside]])
    return together([found, again]) if len(again["account"]) else found, reverses


def _funding(world: World, accounts: Accounts, opened_at: Ints) -> Entries:
    """An empty first entry in each account: what was there before, or is paid in over the counter on the first day."""
    at = np.maximum(np.maximum(opened_at[accounts.owner] + _FUNDING, world.begin), accounts.opened * DAY - EAST + 9 * 3600)
    return entries(np.arange(len(accounts.owner)), at, 0, kind=KIND["cash"], channel=CHANNEL["counter"])


def _interest(world: World, accounts: Accounts) -> Entries:
    """An empty entry at the end of the last day of each month, to be filled once the balance is known."""
    ends = world.month_starts[1:].astype(np.int64) - 1
    ends = ends[ends <= world.last_day]
    bearing = np.flatnonzero((accounts.kind == DEPOSIT) & (accounts.matures < 0))
    account, on = np.repeat(bearing, len(ends)), np.tile(ends, len(bearing))
    kept = (on >= accounts.opened[account]) & ((accounts.closed[account] < 0) | (on < accounts.closed[account] - 1))
    at = on[kept] * DAY - EAST + 23 * 3600 + 1800
    return entries(account[kept], at, 0, kind=KIND["interest"], channel=CHANNEL["batch"], bank=True)


def _closing(accounts: Accounts) -> Entries:
    """An empty last entry in each current account that is closed, to be filled likewise."""
    closed = np.flatnonzero((accounts.kind == DEPOSIT) & (accounts.matures < 0) & (accounts.closed >= 0))
    at = accounts.closed[closed] * DAY - EAST - _CLOSING
    return entries(closed, at, 0, kind=KIND["other"], channel=CHANNEL["counter"], bank=True, memo=MEMO["销户"])


def _settle(world: World, accounts: Accounts, found: Entries, funds: Ints) -> Ints:
    """Fill in funds and interest; the balance after each entry."""
    account, amount = found["account"], found["cents"].copy()
    first = np.searchsorted(account, np.arange(len(accounts.owner)))

    def running() -> Ints:
        total = np.cumsum(amount)
        before = total[first] - amount[first]
        return np.asarray(total - before[account])

    flow = running()
    last = np.append(first[1:], len(account)) - 1
    low = np.minimum(np.minimum.reduceat(flow, first), 0)
    wanted = np.maximum(accounts.end - flow[last], -low)
    start = np.where(accounts.start >= 0, accounts.start, wanted)
    start = np.where(accounts.kind == DEPOSIT, np.maximum(start, -low), np.where(accounts.kind == CARD, 0, -accounts.end))
    new = (accounts.opened >= world.first_day) & (accounts.kind == DEPOSIT) & (accounts.start < 0)
    amount[funds] = np.where(new, start, 0)
    found["cents"] = amount
    opening = np.where(new, 0, start)
    interest = np.flatnonzero(found["kind"] == KIND["interest"])
    interest = interest[(found["cents"][interest] == 0) & (found["channel"][interest] == CHANNEL["batch"])]
    stood = running() + opening[account]
    amount[interest] = np.floor(stood[interest] * _INTEREST).astype(np.int64)
    closing = np.flatnonzero(found["memo"] == MEMO["销户"])
    amount[closing] = -(running() + opening[account])[closing]
    return running() + opening[account]


def _balances(world: World, accounts: Accounts, found: Entries, balance: Ints) -> pa.Table:
    """The balance at the end of each day on which an account moved, and of its first day."""
    account = found["account"]
    on = (found["at"] + EAST) // DAY
    on[np.searchsorted(account, np.arange(len(accounts.owner)))] = np.maximum(accounts.opened, world.first_day)
    last = np.ones(len(account), dtype=bool)
    last[:-1] = (account[1:] != account[:-1]) | (on[1:] != on[:-1])
    account, on, balance = account[last], on[last], balance[last]
    rate = np.where(accounts.dollars[account], world.usd[np.clip(on - world.first_day, 0, world.days - 1)], 10_000)
    return pa.table(
        {
            "account_id": identifiers("A", (accounts.code[account], 8)),
            "on": days(on),
            "balance": cents(balance),
            "balance_cny": cents(balance * rate // 10_000, ~accounts.dollars[account]),
        }
    )


def _transactions(world: World, chance: Generator, accounts: Accounts, found: Entries, back: Ints, moved: NDArray[np.bool_]) -> pa.Table:
    owner = accounts.owner[found["account"]]
    # Ids count within the customer; an entry that moved nothing is none and leaves a gap.
    serial = np.arange(len(owner)) - np.searchsorted(owner, owner) + 1
    number = accounts.code[found["account"]] // 100
    kept = np.flatnonzero(moved)
    kept = np.concatenate([kept, np.sort(kept[chance.random(len(kept)) < _TWICE])]) if len(kept) else kept
    kept = _astray(chance, np.sort(kept))
    rows = chosen(found, kept)
    reverses = back[kept]
    dollars = accounts.dollars[rows["account"]]
    on = (rows["at"] + EAST) // DAY
    rate = world.usd[np.clip(on - world.first_day, 0, world.days - 1)]
    # The same entry comes late in each of its copies.
    late = np.zeros(len(owner), dtype=np.int64)
    late_at = np.flatnonzero(chance.random(len(owner)) < _LATE)
    late[late_at] = chance.integers(3_600, 4 * DAY, len(late_at))
    received = np.where((late[kept] > 0) & (rows["at"] + late[kept] < world.end), rows["at"] + late[kept], -1)
    return pa.table(
        {
            "transaction_id": identifiers("T", (number[kept], 6), (serial[kept], 6)),
            "account_id": identifiers("A", (accounts.code[rows["account"]], 8)),
            "at": instants(rows["at"]),
            "amount": cents(rows["cents"]),
            "currency": words(dollars.astype(np.int32), ("CNY", "USD")),
            "amount_cny": cents(rows["cents"] * rate // 10_000, ~dollars),
            "initiator": words(rows["bank"].astype(np.int32), ("customer", "bank")),
            "kind": words(rows["kind"], KINDS),
            "channel": words(rows["channel"], CHANNELS),
            "counterparty": words(rows["party"], COUNTERPARTIES),
            "counterparty_account": _accounts(rows["other"]),
            "mcc": words(rows["category"], MCC),
            "country": words(rows["country"], COUNTRIES),
            "counterparty_bank": words(rows["their_bank"], BANKS),
            "memo": words(rows["memo"], MEMOS[1:]),
            "received_at": instants(received),
            "own_transfer": pa.array(rows["own"] == 1, pa.bool_(), mask=rows["own"] < 0),
            "reversal": pa.array(reverses >= 0, pa.bool_()),
            "reverses": identifiers("T", (number[np.maximum(reverses, 0)], 6), (serial[np.maximum(reverses, 0)], 6), missing=reverses < 0),
        }
    )


def _astray(chance: Generator, kept: Ints) -> Ints:
    """Some rows stand where another should."""
    wrong = np.flatnonzero(chance.random(len(kept)) < _ASTRAY)
    kept = kept.copy()
    kept[wrong] = kept[chance.permutation(wrong)]
    return kept


def _accounts(codes: Ints) -> pa.Array:
    """Accounts of other banks begin with Z."""
    missing = codes < 0
    here = np.maximum(codes, 0)
    text = np.where(here >= OUTSIDE, here - OUTSIDE, here)
    ours = identifiers("A", (text, 8), missing=missing)
    letters = np.frombuffer(ours.buffers()[2], dtype=np.uint8).reshape(-1, 9).copy()
    letters[here >= OUTSIDE, 0] = ord("Z")
    return pa.StringArray.from_buffers(len(codes), ours.buffers()[1], pa.py_buffer(letters), ours.buffers()[0])


def at_second(day: Ints, second: Any) -> Ints:
    """Seconds since 1970 UTC."""
    return np.asarray(np.asarray(day, dtype=np.int64) * DAY + second - EAST)
