"""What a simulated bank knows of itself and never shows: the files of `truth/`. Nothing is imported from them; `evaluate bank` reads them.

Whoever writes another generator fills what it can: each file may be missing.
"""

from crm.importing.schema import Feed, a_date, a_flag, a_rate, a_text, an_id, one_of

LIFE_STAGES = ("student", "single", "newlywed", "parenting", "midlife", "silver")
PERSON_NEEDS = (
    "education_saving", "study_abroad", "maternity_card", "wedding", "home_purchase", "renovation", "car_purchase", "consumer_loan",
    "credit_card", "liquidity", "term_deposit", "wealth_management", "fund_plan", "gold", "insurance_protection", "medical_insurance",
    "pension_saving", "health_service", "elder_care", "inheritance", "global_allocation", "personal_fx", "tax_planning", "business_loan",
    "debt_relief", "payroll_change",
)  # fmt: skip
COMPANY_NEEDS = (
    "working_capital", "loan_renewal", "tax_loan", "receivables_finance", "dealer_finance", "supply_chain", "ip_pledge", "equity_link",
    "equipment_lease", "trade_settlement", "fx_hedging", "warehouse_finance", "export_credit", "cash_management", "payroll_service",
    "merchant_acquiring", "guarantee", "employee_benefit", "green_loan", "treasury_investment",
)  # fmt: skip
TYPOLOGIES = (
    "structuring", "fan_in", "fan_out", "cycle", "rapid_in_out", "dormant_awake", "cross_border_burst", "mule", "hard_negative",
)  # fmt: skip

_CUSTOMER = an_id("customer_id", "customer", "C000001")

TRUTH = (
    Feed(
        name="stages",
        meaning="The stage of life that a person was in from a day on.",
        key=("customer_id", "since"),
        columns=(
            _CUSTOMER,
            one_of("stage", "stage", LIFE_STAGES, "parenting", required=True),
            a_date("since", "first day", "2025-03-01", required=True),
        ),
    ),
    Feed(
        name="life_events",
        meaning="What happened in a life or a company.",
        key=("customer_id", "kind", "on"),
        columns=(
            _CUSTOMER,
            a_text("kind", "`wedding`, `birth`, `house_purchase`, `retirement`, `job_change`, `child_abroad` …", "birth", required=True),
            a_date("on", "day", "2026-05-04", required=True),
        ),
    ),
    Feed(
        name="needs",
        meaning="Needs and when they were felt. Open ones have no `until`.",
        key=("customer_id", "need", "since"),
        columns=(
            _CUSTOMER,
            one_of("need", "need", (*PERSON_NEEDS, *COMPANY_NEEDS), "education_saving", required=True),
            a_date("since", "onset", "2026-05-20", required=True),
            a_date("until", "first day on which it was met or gone", ""),
            a_flag("met", "whether something was bought for it, here or elsewhere", "false", default="false"),
        ),
    ),
    Feed(
        name="churn",
        meaning="Who is leaving, how, and who only looks so.",
        key=("customer_id", "since"),
        columns=(
            _CUSTOMER,
            one_of("shape", "shape", ("gradual", "sudden", "false_alarm"), "gradual", required=True),
            a_text("cause", "cause: `app_failure`, `complaint`, `rate`, `moved`, `house_purchase`, `festival`, `travel` …", "app_failure"),
            a_date("since", "first day of the decline", "2026-08-10", required=True),
            a_date("gone_on", "day from which nothing comes any more, or the decline ends", "2026-10-20"),
        ),
    ),
    Feed(
        name="responses",
        meaning="The probability that a customer answers when contacted by a channel.",
        key=("customer_id", "channel"),
        columns=(_CUSTOMER, a_text("channel", "channel", "wecom", required=True), a_rate("percent", "probability in percent", "42.5000")),
    ),
    Feed(
        name="identities",
        meaning="Customer ids that are one person or company.",
        key=("customer_id",),
        columns=(_CUSTOMER, an_id("same_as", "the other id", "C000777")),
    ),
    Feed(
        name="cases",
        meaning="Money laundering and what only looks like it (`hard_negative`), an account a row.",
        key=("case_id", "account_id"),
        columns=(
            an_id("case_id", "case", "AML00001"),
            an_id("account_id", "account", "A00000101"),
            one_of("typology", "pattern", TYPOLOGIES, "structuring", required=True),
            a_text("role", "role of the account", "collector"),
            a_date("since", "first day", "2026-09-02", required=True),
            a_date("until", "day after the last", "2026-09-12"),
        ),
    ),
    Feed(
        name="ceilings",
        meaning=(
            "What the best scorer could say at the last day: the probability of a target by the generator's own model, of leaving given "
            "what shows (weekly counts with their noise, money taken elsewhere, closed doors, complaints), of stages given age, work and "
            "what shows of a family, else given all but its last toss of a coin. `target` is `need:<need>`, `churn`, `stage:<stage>` or "
            "`case`."
        ),
        key=("customer_id", "target"),
        columns=(
            _CUSTOMER,
            a_text("target", "target", "need:education_saving", required=True),
            a_rate("percent", "probability in percent", "73.0000", required=True),
        ),
    ),
)
