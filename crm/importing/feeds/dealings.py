"""What happened between the bank and its customers: app, contacts, complaints, surveys, recordings."""

from crm.importing.feeds.shared import CHANNELS, CUSTOMER
from crm.importing.schema import Check, Column, Feed, Type, a_date, a_flag, a_number, a_text, an_id, an_instant, one_of

APP_EVENTS = Feed(
    name="app_events",
    meaning="What customers did in the app and in online banking. `session_id` holds together what was done in one go.",
    key=("event_id",),
    columns=(
        an_id("event_id", "key", "V00000001"),
        CUSTOMER,
        an_id("session_id", "session", "SE0000001", required=False),
        an_instant("at", "when", "2026-11-05T20:15:03+08:00"),
        one_of(
            "kind",
            "kind",
            ("login", "login_failed", "view", "search", "quote", "start", "finish", "abandon", "error", "crash"),
            "view",
            required=True,
        ),
        a_text("page", "page or function, in the words of the bank", "基金", longest=80),
        a_text("item", "what it was about: a product code, a currency pair, words searched", "P-201", longest=120),
        a_number("seconds", "how long it was looked at", "41", minimum=0, maximum=86400),
        one_of("platform", "platform", ("android", "ios", "harmony", "web", "mini_program", "other"), "android"),
        a_text("version", "version of the app", "8.2.1", longest=20),
    ),
)

CONTACTS = Feed(
    name="contacts",
    meaning="Every contact, tried or made, by staff or by machine, with what came of it. A later delivery may tell the outcome.",
    key=("contact_id",),
    columns=(
        an_id("contact_id", "key", "K0000001"),
        CUSTOMER,
        an_id("staff_id", "who contacted or was contacted; missing for a machine", "S0003", required=False, refers="staff"),
        an_instant("at", "when", "2026-10-09T10:05:00+08:00"),
        one_of("channel", "channel", (*CHANNELS, "salon"), "wecom", required=True),
        one_of("direction", "`out`: from the bank", ("out", "in"), "out", required=True),
        one_of("purpose", "purpose", ("care", "service", "marketing", "compliance", "collection"), "care", required=True),
        a_text("campaign", "campaign, where there is one", "", longest=80),
        an_id("product_code", "product spoken of", "", required=False, refers="products"),
        one_of(
            "outcome",
            "the furthest that is known",
            ("held_out", "invalid", "failed", "sent", "delivered", "read", "clicked", "answered", "replied", "met", "refused", "bought"),
            "replied",
        ),
        an_instant("outcome_at", "when that was", "2026-10-09T10:31:00+08:00", required=False),
        a_number("seconds", "length of a call", "", minimum=0),
    ),
)

COMPLAINTS = Feed(
    name="complaints",
    meaning="Complaints, open and closed.",
    key=("complaint_id",),
    columns=(
        an_id("complaint_id", "key", "CP000001"),
        CUSTOMER,
        an_instant("opened_at", "when it was made", "2026-09-01T14:20:00+08:00"),
        a_text("channel", "where it was made", "手机银行", longest=60),
        a_text("topic", "topic, in the words of the bank", "转账失败扣费", longest=80),
        one_of("severity", "severity", ("low", "normal", "high"), "normal", default="normal"),
        an_id("staff_id", "who answers for it", "S0003", required=False, refers="staff"),
        an_id("about_staff_id", "whom it is about", "", required=False, refers="staff"),
        a_text("text", "what was said", "转账没成功，手续费倒扣了", longest=2000, personal=True),
        an_instant("acknowledged_at", "when the customer was first answered", "2026-09-01T16:00:00+08:00", required=False),
        an_instant("resolved_at", "when it was settled", "", required=False),
        one_of("outcome", "how it was settled", ("upheld", "partly", "rejected", "withdrawn"), ""),
    ),
    checks=(
        Check(column="acknowledged_at", reason="answered before it was made", fails='"acknowledged_at" < "opened_at"'),
        Check(column="resolved_at", reason="settled before it was made", fails='"resolved_at" < "opened_at"'),
    ),
)

SURVEYS = Feed(
    name="surveys",
    meaning="Questions put to customers, answered or not. Unanswered ones belong here too: the share that answers must be known.",
    key=("survey_id",),
    columns=(
        an_id("survey_id", "key", "Q0000001"),
        CUSTOMER,
        one_of("kind", "`nps`: would you recommend us, 0–10; `csat`: were you content, 1–5", ("nps", "csat"), "nps", required=True),
        an_instant("asked_at", "when it was asked", "2026-10-10T09:00:00+08:00"),
        an_instant("answered_at", "when it was answered", "2026-10-10T12:30:00+08:00", required=False),
        a_number("score", "answer", "9", minimum=0, maximum=10),
        a_text("topic", "what it was about", "网点服务", longest=80),
        an_id("staff_id", "whose service", "S0003", required=False, refers="staff"),
        a_text("text", "in the customer's words", "就是等太久", longest=1000, personal=True),
    ),
    checks=(
        Check(column="score", reason="an answer needs its score", fails='"answered_at" IS NOT NULL AND "score" IS NULL'),
        Check(column="answered_at", reason="a score needs its moment", fails='"score" IS NOT NULL AND "answered_at" IS NULL'),
        Check(column="answered_at", reason="answered before it was asked", fails='"answered_at" < "asked_at"'),
        Check(column="score", reason="content is 1 to 5", fails='"kind" = \'csat\' AND ("score" < 1 OR "score" > 5)'),
    ),
)

RECORDINGS = Feed(
    name="recordings",
    meaning="The register of sound and picture recordings of sales (双录). The files themselves stay where they are.",
    key=("recording_id",),
    columns=(
        an_id("recording_id", "key", "D0000001"),
        CUSTOMER,
        an_id("staff_id", "who sold", "S0003", required=False, refers="staff"),
        an_id("product_code", "what was sold", "P-104", required=False, refers="products"),
        an_id("order_id", "the entry that bought it", "", required=False),
        an_instant("started_at", "begin", "2026-09-12T10:01:00+08:00"),
        an_instant("ended_at", "end", "2026-09-12T10:14:30+08:00", required=False),
        Column(name="segments", type=Type.LIST, meaning="parts found in it", example="identity;risk_disclosure;consent;signature"),
        a_number("quality", "0–100, by the check of the bank", "92", minimum=0, maximum=100),
        a_text("sha256", "digest of the file", "", longest=64),
        a_text("location", "where the file is, in the words of the archive", "archive-1/2026/09/D0000001", longest=200, personal=True),
        a_date("product_ends_on", "day on which product or contract ends; kept until six months later at least", "2026-12-11"),
        a_flag("disputed", "kept until a dispute is settled", "false", default="false"),
    ),
    checks=(Check(column="ended_at", reason="ends before it begins", fails='"ended_at" <= "started_at"'),),
)
