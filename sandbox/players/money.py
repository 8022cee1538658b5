"""What the simulated bank knows of accounts, holdings and products, so that a purchase is paid from somewhere."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from sandbox.players.files import Row, read_rows

_SOLD_BY_CLICK = ("wealth", "fund", "gold", "insurance")
_ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """A product bought, and the account that paid."""

    number: int
    customer_id: str
    product_code: str
    product_name: str
    kind: str
    account_id: str
    at: datetime
    amount: Decimal


class Money:
    """Balances and holdings as they are now. Later folders (days played before) go over earlier ones."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._products = {row["product_code"]: row for folder in folders for row in read_rows(folder, "products")}
        self._accounts: dict[str, list[str]] = defaultdict(list)
        self._balance: dict[str, Decimal] = {}
        self._held: dict[tuple[str, str], Decimal] = {}
        self._touched: dict[str, None] = {}  # accounts moved today, in the order in which that happened
        self._bought: list[Purchase] = []
        for row in (row for folder in folders for row in read_rows(folder, "accounts")):
            if row["kind"] == "deposit" and row.get("currency", "") in ("", "CNY") and not row.get("closed_on"):
                self._accounts[row["customer_id"]].append(row["account_id"])
        for folder in folders:
            for row in sorted(read_rows(folder, "balances"), key=lambda row: row["on"]):
                self._balance[row["account_id"]] = Decimal(row["balance"])
            for row in sorted(read_rows(folder, "holdings"), key=lambda row: row["on"]):
                self._held[row["customer_id"], row["product_code"]] = Decimal(row["amount"])

    def product_names(self) -> list[str]:
        """The names of what can be bought by a click."""
        return [row["name"] for row in self._products.values() if row["kind"] in _SOLD_BY_CLICK]

    def affordable(self, customer_id: str, products: Sequence[str]) -> str | None:
        """The first of the products that the customer could pay for by a click, None when there is none."""
        purse = self._purse(customer_id)
        if purse is None:
            return None
        return next((code for code in products if self._is_sold(code) and self._balance[purse] >= self._least(code)), None)

    def buy(self, customer_id: str, product_code: str, *, share: float, step: int, at: datetime) -> Purchase | None:
        """Pay a share of the best filled deposit, in whole steps and no less than the product asks. None when it is not there any more."""
        if self.affordable(customer_id, [product_code]) is None:
            return None
        purse = self._purse(customer_id)
        assert purse is not None
        wanted = Decimal(int(float(self._balance[purse]) * share) // step * step)
        amount = max(wanted, self._least(product_code), Decimal(step)).quantize(_ZERO)
        if amount > self._balance[purse]:
            return None
        self._balance[purse] -= amount
        self._held[customer_id, product_code] = self._held.get((customer_id, product_code), _ZERO) + amount
        self._touched[purse] = None
        product = self._products[product_code]
        purchase = Purchase(
            number=len(self._bought) + 1,
            customer_id=customer_id,
            product_code=product_code,
            product_name=product["name"],
            kind=product["kind"],
            account_id=purse,
            at=at,
            amount=amount,
        )
        self._bought.append(purchase)
        return purchase

    def close_day(self, on: date) -> dict[str, list[Row]]:
        """The day's entries, balances and holdings in the words of the contract; a new day begins."""
        entries = [_entry(purchase, on) for purchase in self._bought]
        balances = [{"account_id": account, "on": on.isoformat(), "balance": str(self._balance[account])} for account in self._touched]
        pairs = dict.fromkeys((purchase.customer_id, purchase.product_code) for purchase in self._bought)
        holdings = [
            {"customer_id": who, "product_code": code, "on": on.isoformat(), "amount": str(self._held[who, code])} for who, code in pairs
        ]
        self._bought, self._touched = [], {}
        return {"transactions": entries, "balances": balances, "holdings": holdings}

    def _purse(self, customer_id: str) -> str | None:
        known = [account for account in self._accounts.get(customer_id, ()) if account in self._balance]
        return max(known, key=lambda account: self._balance[account], default=None)

    def _is_sold(self, code: str) -> bool:
        return code in self._products and self._products[code]["kind"] in _SOLD_BY_CLICK

    def _least(self, code: str) -> Decimal:
        return Decimal(self._products[code].get("min_amount") or "0")


def _entry(purchase: Purchase, on: date) -> Row:
    return {
        "transaction_id": f"TP{on:%Y%m%d}-{purchase.number:05d}",
        "account_id": purchase.account_id,
        "at": purchase.at.isoformat(),
        "amount": str(-purchase.amount),
        "initiator": "customer",
        "kind": "purchase",
        "channel": "mobile",
        "counterparty": purchase.product_name,
    }
