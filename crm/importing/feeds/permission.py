"""What customers allow, what they can bear, and who must be looked at twice."""

from crm.importing.schema import Check, Feed, a_date, a_flag, a_text, an_id, an_instant, one_of

PURPOSES = ("care", "marketing", "profiling", "registry", "tax", "intellectual_property", "social_security")

RISK_ASSESSMENTS = Feed(
    name="risk_assessments",
    meaning="Outcomes of risk tolerance tests, old ones too. A test is valid for 12 months from its day.",
    key=("customer_id", "assessed_on"),
    columns=(
        an_id("customer_id", "customer", "C000001", refers="customers"),
        one_of("level", "outcome", ("C1", "C2", "C3", "C4", "C5"), "C3", required=True),
        a_date("assessed_on", "day of the test", "2026-02-14", required=True, past=True),
    ),
)


CONSENTS = Feed(
    name="consents",
    meaning="Every word of a customer on being contacted or profiled, granted or withdrawn. The latest word per purpose counts.",
    key=("customer_id", "purpose", "at"),
    columns=(
        an_id("customer_id", "customer", "C000001", refers="customers"),
        one_of(
            "purpose",
            "purpose",
            PURPOSES,
            "marketing",
            required=True,
        ),
        a_flag("granted", "true: granted, false: refused or withdrawn", "true", required=True),
        an_instant("at", "when it was said", "2026-02-14T11:05:00+08:00"),
        a_text("source", "where it was said", "手机银行"),
    ),
)


WATCHLIST = Feed(
    name="watchlist",
    meaning="People and companies to be looked at before business is done with them. They need not be customers.",
    key=("entry_id",),
    columns=(
        an_id("entry_id", "key", "W000001"),
        a_text("name", "name", "贾某某", required=True, personal=True),
        a_text("id_number", "identity number or credit code", "", longest=40, personal=True),
        one_of("kind", "why", ("fraud", "gambling", "sanction", "exposed", "court", "other"), "fraud", required=True),
        a_text("source", "whose list", "反诈名单", longest=80),
        a_date("listed_on", "first day", "2026-03-02", required=True, past=True),
        a_date("removed_on", "first day no longer", "", past=True),
    ),
    checks=(Check(column="removed_on", reason="removed before it was listed", fails='"removed_on" <= "listed_on"'),),
)
