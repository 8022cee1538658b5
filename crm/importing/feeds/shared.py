"""Columns that several feeds have."""

from crm.importing.schema import Column, Type, an_id, an_instant, one_of

CURRENCIES = (
    "CNY", "USD", "EUR", "HKD", "JPY", "GBP", "AUD", "CAD", "CHF", "SGD", "NZD", "MOP", "TWD", "KRW", "THB", "MYR", "RUB", "AED", "SEK",
    "DKK", "NOK", "PLN", "CZK", "HUF", "TRY", "ZAR", "MXN", "BRL", "INR", "IDR", "VND", "PHP", "SAR",
)  # fmt: skip
CURRENCY = one_of("currency", "ISO 4217 code", CURRENCIES, "CNY", default="CNY")
STATUS = one_of("status", "whether the relation goes on", ("active", "closed", "deceased"), "active", default="active")
RM = an_id("rm_id", "the relationship manager who owns the relation", "S0003", required=False, refers="staff")
BRANCH = an_id("branch_id", "the branch that keeps the relation", "B001", refers="branches")
OPENED = an_instant("opened_at", "when the relation began", "2024-03-08T10:15:00+08:00")
SEGMENTS = Column(name="segments", type=Type.LIST, meaning="tags of the bank", example="育儿家庭;代发")
CNY_NEEDED = "the currency is not CNY: the value in CNY is needed"
CHANNELS = ("wecom", "sms", "phone", "email", "app", "branch", "visit", "letter")
CUSTOMER = an_id("customer_id", "customer", "C000001", refers="customers")
