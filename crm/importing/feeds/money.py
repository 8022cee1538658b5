"""Money: accounts, balances, holdings, entries, transfers."""

from crm.importing.feeds.shared import CNY_NEEDED, CURRENCIES, CURRENCY
from crm.importing.schema import Check, Feed, a_date, a_flag, a_rate, a_text, an_amount, an_id, an_instant, one_of

ACCOUNTS = Feed(
    name="accounts",
    meaning="Accounts. An overdraft or credit line is an account of kind loan or card, so a deposit is never below zero.",
    key=("account_id",),
    columns=(
        an_id("account_id", "key", "A00000101"),
        an_id("customer_id", "the holder", "C000001", refers="customers"),
        one_of("kind", "kind", ("deposit", "card", "loan"), "deposit", required=True),
        an_id("product_code", "product", "P-001", required=False, refers="products"),
        CURRENCY,
        a_date("opened_on", "first day", "2024-03-08", required=True, past=True),
        a_date("closed_on", "day of closing; the account counts for nothing from then on", "", past=True),
        a_rate("rate", "percent a year that it pays or costs", "", minimum=-5),
        an_amount("credit_limit", "line of a card or loan account", "", minimum=0),
        one_of("restriction", "what is not possible on it", ("debit", "credit", "all"), ""),
        a_flag("renews", "a time deposit goes on by itself at maturity", ""),
        a_date("matures_on", "day of maturity of a time deposit or loan", ""),
    ),
    checks=(Check(column="closed_on", reason="closed before it was opened", fails='"closed_on" < "opened_on"'),),
)


BALANCES = Feed(
    name="balances",
    meaning="Balances at the end of a day, daily or monthly or on change. A balance holds until the next row of the account.",
    key=("account_id", "on"),
    columns=(
        an_id("account_id", "account", "A00000101", refers="accounts"),
        a_date("on", "day", "2026-10-31", required=True, past=True),
        an_amount("balance", "in the currency of the account; what the customer owes is negative", "52300.18", required=True),
        an_amount("balance_cny", "the same in CNY, converted by the bank; needed where the currency is not CNY", ""),
    ),
    checks=(
        Check(column="balance", reason="a deposit below zero", fails="accounts.kind = 'deposit' AND \"balance\" < 0"),
        Check(column="balance_cny", reason=CNY_NEEDED, fails="accounts.currency <> 'CNY' AND \"balance_cny\" IS NULL"),
    ),
)


HOLDINGS = Feed(
    name="holdings",
    meaning="What a customer holds of a product at the end of a day. It holds until the next row; sold out is a row with 0.00.",
    key=("customer_id", "product_code", "on"),
    columns=(
        an_id("customer_id", "holder", "C000001", refers="customers"),
        an_id("product_code", "product", "P-104", refers="products"),
        a_date("on", "day", "2026-10-31", required=True, past=True),
        an_amount("amount", "market value in `currency`", "100000.00", required=True, minimum=0),
        CURRENCY,
        a_flag("plan", "bought by a regular plan (定投)", "false", default="false"),
        an_amount("amount_cny", "the same in CNY, converted by the bank; needed where the currency is not CNY", "", minimum=0),
    ),
    checks=(Check(column="amount_cny", reason=CNY_NEEDED, fails='"currency" <> \'CNY\' AND "amount_cny" IS NULL'),),
)


TRANSACTIONS = Feed(
    name="transactions",
    meaning="Entries of accounts. A delivery may repeat entries of earlier ones, late and in any order: each counts once.",
    key=("transaction_id",),
    columns=(
        an_id("transaction_id", "key, unique for ever", "T20261105-000017"),
        an_id("account_id", "account", "A00000101", refers="accounts"),
        an_instant("at", "when it was booked", "2026-11-05T18:42:07+08:00"),
        an_amount("amount", "in the currency of the account; into it is positive, out of it negative", "-268.50", required=True),
        one_of("currency", "the currency of the account, if given", CURRENCIES, "CNY"),
        an_amount("amount_cny", "the same in CNY, converted by the bank; needed where the currency is not CNY", ""),
        one_of(
            "initiator",
            "who caused it; interest, fees and standing orders are the bank's",
            ("customer", "bank"),
            "customer",
            required=True,
        ),
        one_of(
            "kind",
            "kind",
            (
                "payment",
                "transfer",
                "cash",
                "payroll",
                "pension",
                "purchase",
                "redemption",
                "repayment",
                "exchange",
                "tax",
                "interest",
                "fee",
                "other",
            ),
            "payment",
            required=True,
        ),
        one_of(
            "channel",
            "where",
            ("mobile", "web", "counter", "atm", "pos", "third_party", "batch", "other"),
            "third_party",
            default="other",
        ),
        a_text("counterparty", "name of the other side", "鲜来超市", longest=200, personal=True),
        a_text("counterparty_account", "account of the other side", "", longest=60, personal=True),
        a_text("mcc", "merchant category code, ISO 18245", "5411", longest=4),
        a_text("country", "country of the other side, ISO 3166 alpha-2; missing is at home", "CN", longest=2),
        a_text("counterparty_bank", "bank of the other side", "", longest=120),
        a_text("memo", "what the payer wrote", "", longest=200, personal=True),
        an_instant("received_at", "when the entry reached the feed, where it came late", "", required=False),
        a_flag("own_transfer", "between accounts of one customer; when missing, told from `counterparty_account`", "false"),
        a_flag("reversal", "takes an earlier entry back", "false", default="false"),
        an_id("reverses", "the entry that is taken back", "", required=False),
    ),
    checks=(
        Check(column="currency", reason="not the currency of the account", fails='"currency" <> accounts.currency'),
        Check(column="amount_cny", reason=CNY_NEEDED, fails="accounts.currency <> 'CNY' AND \"amount_cny\" IS NULL"),
        Check(column="mcc", reason="not four digits", fails="NOT regexp_full_match(\"mcc\", '[0-9]{4}')"),
        Check(column="country", reason="not two capital letters", fails="NOT regexp_full_match(\"country\", '[A-Z]{2}')"),
        Check(column="amount", reason="nothing moved", fails='"amount" = 0'),
    ),
)


TRANSFERS = Feed(
    name="transfers",
    meaning="Payments between accounts of any bank, with the alerts raised on them, for monitoring and its measurement. Optional.",
    key=("transfer_id",),
    columns=(
        an_id("transfer_id", "key", "X0000001"),
        an_id("from_account", "who paid; need not be an account of this bank", "A00000101"),
        an_id("to_account", "who was paid", "Z0000001"),
        an_instant("at", "when", "2026-11-05T18:42:07+08:00"),
        an_amount("amount", "in `currency`", "48000.00", required=True, minimum=0),
        CURRENCY,
        an_amount("amount_cny", "the same in CNY; needed where the currency is not CNY", "", minimum=0),
        a_flag("alert", "whether it belongs to a known case", "false", default="false"),
        a_text("alert_kind", "kind of the case", "", longest=60),
    ),
    checks=(Check(column="amount_cny", reason=CNY_NEEDED, fails='"currency" <> \'CNY\' AND "amount_cny" IS NULL'),),
)
