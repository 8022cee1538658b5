"""Customers: persons, companies, who belongs to whom."""

from crm.importing.feeds.shared import BRANCH, CHANNELS, CUSTOMER, OPENED, RM, SEGMENTS, STATUS
from crm.importing.schema import Check, Column, Feed, Type, a_date, a_number, a_rate, a_text, an_amount, an_id, one_of

# What every customer has with the bank.
_RELATION = (
    a_date("identified_on", "day of the latest identification (KYC)", "2025-05-20", past=True),
    SEGMENTS,
    RM,
    BRANCH,
    OPENED,
    STATUS,
)


def _key(example: str, *, apart_from: str) -> Column:
    meaning = f"key, apart from those of {apart_from}"
    return Column(name="customer_id", type=Type.ID, meaning=meaning, example=example, required=True, longest=60, apart_from=apart_from)


PERSONS = Feed(
    name="persons",
    meaning="Customers who are people.",
    key=("customer_id",),
    columns=(
        _key("C000001", apart_from="companies"),
        a_text("name", "name as in the identity document", "张伟", required=True, personal=True),
        one_of("gender", "gender", ("male", "female"), "male"),
        a_date("birth_date", "day of birth", "1985-06-18", past=True),
        a_text("id_number", "resident identity number or passport, as the bank has it", "990000198506180015", longest=40, personal=True),
        a_text("phone", "mobile telephone", "12000100001", longest=40, personal=True),
        a_text("city", "city of residence", "云桥市", longest=60),
        a_text("district", "part of the city", "湖畔区", longest=60),
        a_text("address", "address", "湖畔区望湖路8号2单元301", longest=200, personal=True),
        a_text("occupation", "occupation", "中学教师", longest=60),
        a_text("employer", "employer", "云桥市第二中学", longest=120),
        an_amount("monthly_income", "income a month in CNY, as declared", "12500.00", minimum=0),
        one_of("marital_status", "marital status, as declared", ("single", "married", "divorced", "widowed"), "married"),
        one_of("education", "education", ("secondary", "college", "bachelor", "master", "doctor"), "bachelor"),
        one_of("birthday_calendar", "by which calendar the birthday is kept", ("solar", "lunar"), "solar", default="solar"),
        one_of("preferred_channel", "channel that the customer asked for", CHANNELS, "wecom"),
        a_date("identity_valid_until", "first day on which the identity document is no longer valid", "2035-06-18"),
        *_RELATION,
    ),
    checks=(Check(column="birth_date", reason="born before 1890", fails="\"birth_date\" < DATE '1890-01-01'"),),
)


COMPANIES = Feed(
    name="companies",
    meaning="Customers who are companies or other organisations.",
    key=("customer_id",),
    columns=(
        _key("C900001", apart_from="persons"),
        a_text("name", "registered name", "华贸进出口有限公司", required=True),
        a_text("uscc", "unified social credit code", "91990000MA0A000015", longest=40),
        a_text("industry", "industry", "外贸", longest=60),
        a_text("industry_code", "GB/T 4754 code", "F5181", longest=10),
        a_date("founded_on", "day of foundation", "2015-04-09", past=True),
        an_amount("registered_capital", "in CNY", "5000000.00", minimum=0),
        a_number("employees", "people who work there", "38", minimum=0),
        an_amount("annual_revenue", "in CNY, as declared", "42000000.00", minimum=0),
        a_text("contact_name", "the person who deals with the bank (经办人)", "何静", personal=True),
        a_text("contact_phone", "their telephone", "12000900001", longest=40, personal=True),
        a_text("city", "city", "云桥市", longest=60),
        a_text("address", "address", "湖畔区港前路66号", longest=200),
        a_text("email", "address for e-mail", "finance@example.com", longest=120, personal=True),
        *_RELATION,
    ),
)


RELATIONS = Feed(
    name="relations",
    meaning=(
        "Who belongs to whom: household, owner, legal person, who may act for whom. Read `customer_id` is `kind` of `related_id`. "
        "Somebody who is no customer is named in `related_name`."
    ),
    key=("relation_id",),
    columns=(
        an_id("relation_id", "key", "R0000001"),
        CUSTOMER,
        an_id("related_id", "the other customer", "C900001", required=False, refers="customers"),
        a_text("related_name", "the other side, where it is no customer", "", personal=True),
        one_of(
            "kind",
            "kind",
            ("spouse", "parent", "sibling", "household", "legal_person", "owner", "authorised", "guarantor", "supplier", "buyer", "group"),
            "legal_person",
            required=True,
        ),
        a_rate("share", "percent owned, of an owner", ""),
        a_text("scope", "what somebody authorised may do", ""),
        a_date("since", "first day", "2018-10-01"),
        a_date("until", "first day no longer", ""),
    ),
    checks=(
        Check(column="related_id", reason="nobody is related to themselves", fails='"related_id" = "customer_id"'),
        Check(column="related_id", reason="the other side is missing", fails='"related_id" IS NULL AND "related_name" IS NULL'),
        Check(column="until", reason="ends before it begins", fails='"until" <= "since"'),
    ),
    acyclic=("parent", "owner"),
)
