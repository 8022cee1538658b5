"""What a bank may add for learning and measuring: attributes of its own, and what became of customers. Optional."""

from crm.importing.feeds.shared import CUSTOMER
from crm.importing.schema import Feed, a_date, a_text, an_amount

ATTRIBUTES = Feed(
    name="attributes",
    meaning="Anything else that a bank knows of its customers, one value a row: `name` is chosen by the bank.",
    key=("customer_id", "as_of", "name"),
    columns=(
        CUSTOMER,
        a_date("as_of", "day on which it was so", "2026-10-31", required=True, past=True),
        a_text("name", "name of the attribute", "family_size", longest=80, required=True),
        a_text("value", "value; a number is written as one", "3", longest=200, required=True),
    ),
)

OUTCOMES = Feed(
    name="outcomes",
    meaning="What became of customers: bought, left, signed. Learning takes them as labels. `kind` is chosen by the bank.",
    key=("customer_id", "kind", "on"),
    columns=(
        CUSTOMER,
        a_text("kind", "what happened: `churned`, `bought:fund`, `signed:mortgage` …", "churned", longest=80, required=True),
        a_date("on", "day", "2026-10-31", required=True, past=True),
        an_amount("amount", "how much, in CNY", ""),
    ),
)
