"""What others know of customers. Each is used only while the customer allows it: the purpose of `consents` has the feed's name."""

from crm.importing.feeds.shared import CUSTOMER
from crm.importing.schema import Check, Feed, a_date, a_flag, a_text, an_amount, an_id, one_of

REGISTRY = Feed(
    name="registry",
    meaning="What the registers of companies say (工商信息), as of a day. Use needs the consent `registry`.",
    key=("customer_id", "as_of"),
    columns=(
        CUSTOMER,
        a_date("as_of", "day of the extract", "2026-09-30", required=True, past=True),
        one_of("status", "status in the register", ("active", "cancelled", "revoked", "abnormal"), "active"),
        a_text("industry_code", "GB/T 4754 code", "F5181", longest=10),
        an_amount("registered_capital", "in CNY", "5000000.00", minimum=0),
        a_flag("trade_licence", "may import and export (进出口经营权)", "true"),
        a_date("licence_until", "first day on which that ends", ""),
        a_flag("high_tech", "certified high-tech enterprise (高新技术企业)", "false"),
        a_text("source", "where from", "工商登记", longest=60),
    ),
)

TAX = Feed(
    name="tax",
    meaning="Taxes paid by a month. A month without a row is not known; zero is a row with 0.00. Use needs the consent `tax`.",
    key=("customer_id", "month"),
    columns=(
        CUSTOMER,
        a_date("month", "first day of the month", "2026-09-01", required=True, past=True),
        an_amount("vat", "value added tax in CNY", "86000.00"),
        an_amount("income_tax", "income tax in CNY", "21000.00"),
        an_amount("revenue", "revenue declared, in CNY", "3500000.00", minimum=0),
        one_of("grade", "tax credit grade", ("A", "B", "M", "C", "D"), "A"),
    ),
    checks=(Check(column="month", reason="not the first day of a month", fails='day("month") <> 1'),),
)

INTELLECTUAL_PROPERTY = Feed(
    name="intellectual_property",
    meaning="Patents, trademarks and software rights. Use needs the consent `intellectual_property`.",
    key=("right_id",),
    columns=(
        an_id("right_id", "key", "IP000001"),
        CUSTOMER,
        one_of("kind", "kind", ("invention", "utility_model", "design", "trademark", "software"), "invention", required=True),
        a_text("title", "title", "一种精密轴承", longest=200),
        a_date("granted_on", "day of the grant", "2023-06-20", required=True, past=True),
        a_date("valid_until", "first day on which it ends", "2041-06-20"),
        one_of("status", "status", ("valid", "pending", "lapsed", "pledged"), "valid", default="valid"),
    ),
)

SOCIAL_SECURITY = Feed(
    name="social_security",
    meaning="Social security and housing fund of a person by a month (社保公积金). Sensitive. Use needs the consent `social_security`.",
    key=("customer_id", "month"),
    columns=(
        CUSTOMER,
        a_date("month", "first day of the month", "2026-09-01", required=True, past=True),
        an_amount("base", "income that contributions are counted on, in CNY", "11000.00", minimum=0),
        an_amount("housing_fund", "paid into the housing fund, both shares, in CNY", "2640.00", minimum=0),
        a_text("employer", "who paid", "云桥市第二中学", longest=120),
    ),
    checks=(Check(column="month", reason="not the first day of a month", fails='day("month") <> 1'),),
)
