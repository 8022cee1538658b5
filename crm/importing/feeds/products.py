"""What the bank sells, and what customers may use of it."""

from crm.importing.feeds.shared import CURRENCY, CUSTOMER
from crm.importing.schema import Check, Column, Feed, Type, a_date, a_flag, a_rate, a_text, an_amount, an_id, an_instant, one_of

CATEGORIES = (
    "demand", "term", "wealth", "fund", "insurance", "credit_card", "mortgage", "consumer_loan", "business_loan", "payroll", "settlement",
    "fx", "metal", "pension", "other",
)  # fmt: skip

PRODUCTS = Feed(
    name="products",
    meaning="The product master. A rate is shown only with its approval and day, so both are needed.",
    key=("product_code",),
    columns=(
        an_id("product_code", "key", "P-104"),
        a_text("name", "name", "稳享固收90天", required=True),
        one_of(
            "kind",
            "kind",
            ("deposit", "wealth", "fund", "insurance", "gold", "loan", "card", "service"),
            "wealth",
            required=True,
        ),
        one_of("category", "category, as penetration counts it", CATEGORIES, "wealth"),
        one_of("risk", "risk rating; needed for wealth and fund", ("R1", "R2", "R3", "R4", "R5"), "R2"),
        Column(name="rate", type=Type.RATE, meaning="percent a year", example="2.45", minimum=-5, maximum=100),
        one_of("issuer_risk", "rating by the issuer; the higher of both counts", ("R1", "R2", "R3", "R4", "R5"), "R2"),
        a_text("rate_kind", "what the rate is; needed with a rate", "业绩比较基准", longest=40),
        Column(name="term_days", type=Type.INTEGER, meaning="days", example="90", minimum=1, maximum=36600),
        an_amount("min_amount", "least amount, in `currency`", "10000.00", minimum=0),
        CURRENCY,
        a_text("approval", "number of the approval of name and figures", "APR-2026-0104", longest=80, required=True),
        a_date("as_of", "day of the figures", "2026-11-23", required=True, past=True),
        a_date("valid_from", "first day of sale", "2026-01-01"),
        a_date("valid_until", "first day after the sale", "2027-01-01"),
        a_flag("private", "only for professional or private-banking customers", "false", default="false"),
    ),
    checks=(
        Check(
            column="risk",
            reason="a wealth product or fund needs a risk rating",
            fails="\"kind\" IN ('wealth', 'fund') AND \"risk\" IS NULL",
        ),
        Check(column="rate_kind", reason="a rate needs its kind", fails='"rate" IS NOT NULL AND "rate_kind" IS NULL'),
        Check(column="valid_until", reason="the sale ends before it begins", fails='"valid_until" <= "valid_from"'),
    ),
)


ENTITLEMENTS = Feed(
    name="entitlements",
    meaning="What customers may use once or until a day: a fee waived, a voucher, a better rate. Redeemed is a row with `redeemed_at`.",
    key=("entitlement_id",),
    columns=(
        an_id("entitlement_id", "key", "E0000001"),
        CUSTOMER,
        one_of("kind", "kind", ("fee_waiver", "rate_uplift", "voucher", "points", "service", "other"), "fee_waiver", required=True),
        a_text("name", "name as the customer knows it", "首笔转账免手续费", required=True),
        an_amount("value", "worth in CNY", "12.00", minimum=0),
        a_rate("uplift", "percentage points added to a rate, of kind rate_uplift", ""),
        an_id("product_code", "the product that it goes with", "", required=False, refers="products"),
        a_text("approval", "number of the approval", "APR-2026-0301", longest=80),
        a_date("granted_on", "first day", "2026-11-01", required=True, past=True),
        a_date("expires_on", "first day on which it is worth nothing", "2027-02-01"),
        an_instant("redeemed_at", "when it was used", "", required=False),
        an_id("redeemed_by", "the entry that used it", "", required=False),
    ),
    checks=(
        Check(column="expires_on", reason="expires before it begins", fails='"expires_on" <= "granted_on"'),
        Check(column="uplift", reason="a better rate needs its percentage points", fails='"kind" = \'rate_uplift\' AND "uplift" IS NULL'),
    ),
)
