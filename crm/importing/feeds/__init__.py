"""The feeds of the data contract, version 2, in the order of import: each refers only to feeds before it (staff also to itself).

`docs/data-contract.md` says the same in tables, `docs/data-contract.json` for machines; tests compare. Within a version, feeds and optional
columns may be added; a column never changes its meaning, and files that lack what was added stay valid.
"""

from crm.importing.feeds.bank import ASSIGNMENTS, BRANCHES, STAFF, STAFF_SECRETS
from crm.importing.feeds.dealings import APP_EVENTS, COMPLAINTS, CONTACTS, RECORDINGS, SURVEYS
from crm.importing.feeds.labels import ATTRIBUTES, OUTCOMES
from crm.importing.feeds.lending import LOANS, REPAYMENTS
from crm.importing.feeds.money import ACCOUNTS, BALANCES, HOLDINGS, TRANSACTIONS, TRANSFERS
from crm.importing.feeds.outside import INTELLECTUAL_PROPERTY, REGISTRY, SOCIAL_SECURITY, TAX
from crm.importing.feeds.people import COMPANIES, PERSONS, RELATIONS
from crm.importing.feeds.permission import CONSENTS, RISK_ASSESSMENTS, WATCHLIST
from crm.importing.feeds.products import ENTITLEMENTS, PRODUCTS

CONTRACT_VERSION = 2
#: Version 1 had fewer feeds and columns, none of which means anything else now.
READABLE_VERSIONS = (1, 2)
TIME_ZONE = "Asia/Shanghai"
FORMATS = (".csv", ".csv.gz", ".parquet")

FEEDS = (
    BRANCHES,
    STAFF,
    PRODUCTS,
    PERSONS,
    COMPANIES,
    RELATIONS,
    ASSIGNMENTS,
    ACCOUNTS,
    BALANCES,
    HOLDINGS,
    TRANSACTIONS,
    LOANS,
    REPAYMENTS,
    APP_EVENTS,
    CONTACTS,
    COMPLAINTS,
    SURVEYS,
    ENTITLEMENTS,
    RECORDINGS,
    RISK_ASSESSMENTS,
    CONSENTS,
    REGISTRY,
    TAX,
    INTELLECTUAL_PROPERTY,
    SOCIAL_SECURITY,
    WATCHLIST,
    ATTRIBUTES,
    OUTCOMES,
    TRANSFERS,
    STAFF_SECRETS,
)
