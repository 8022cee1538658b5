"""Loans and the instalments that pay them back."""

from crm.importing.feeds.shared import CURRENCY, CUSTOMER
from crm.importing.schema import Check, Feed, a_date, a_flag, a_number, a_rate, a_text, an_amount, an_id, one_of

LOANS = Feed(
    name="loans",
    meaning="Loans, running and settled. Instalments are in `repayments`.",
    key=("loan_id",),
    columns=(
        an_id("loan_id", "key", "L0000001"),
        CUSTOMER,
        an_id("account_id", "its account, where it has one", "A00000101", required=False, refers="accounts"),
        an_id("product_code", "product", "P-104", required=False, refers="products"),
        one_of("kind", "kind", ("mortgage", "consumer", "car", "business", "trade", "credit_line", "other"), "mortgage", required=True),
        an_amount("principal", "lent, in `currency`", "1200000.00", required=True, minimum=0),
        CURRENCY,
        a_rate("rate", "percent a year", "3.45", minimum=-5),
        a_date("started_on", "day of disbursement", "2024-05-15", required=True, past=True),
        a_date("ends_on", "day of maturity", "2049-05-15", required=True),
        one_of("method", "how it is paid back", ("annuity", "principal", "interest_only", "bullet", "other"), "annuity", default="other"),
        one_of("status", "status", ("current", "overdue", "settled", "written_off"), "current", default="current"),
        a_text("purpose", "what it is for", "购房", longest=120),
        a_text("collateral", "what secures it", "房产抵押", longest=120),
        a_flag("renewable", "may be renewed at maturity (续贷)", "false", default="false"),
        a_date("settled_on", "day of the last payment, when settled", "", past=True),
    ),
    checks=(
        Check(column="ends_on", reason="ends before it begins", fails='"ends_on" <= "started_on"'),
        Check(column="settled_on", reason="settled before it began", fails='"settled_on" < "started_on"'),
    ),
)

REPAYMENTS = Feed(
    name="repayments",
    meaning="The repayment schedule: an instalment a row, past and to come. Paid is a row with `paid_on`.",
    key=("loan_id", "number"),
    columns=(
        an_id("loan_id", "loan", "L0000001", refers="loans"),
        a_number("number", "1 for the first instalment", "6", required=True, minimum=1),
        a_date("due_on", "day on which it is due", "2024-11-15", required=True),
        an_amount("due_amount", "principal and interest, in the currency of the loan", "5350.12", required=True, minimum=0),
        an_amount("principal_part", "of it principal", "1900.12", minimum=0),
        a_date("paid_on", "day on which it was paid whole", "2024-11-15", past=True),
        an_amount("paid_amount", "paid so far", "5350.12", minimum=0),
    ),
)
