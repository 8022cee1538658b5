"""Clients: the owner of an account is its customer, a second person may act for the owner."""

from sandbox.berka.house import REGIONS

# The branch that keeps the relation is that of the account; where somebody lives is their own district.
PERSONS = f"""
    SELECT printf('C%05d', client_id) AS customer_id, printf('客户%05d', client_id) AS name, gender, birth_date, home.name AS city,
        printf('S%02d', any_value(number)) AS rm_id, printf('B%02d', min(account.district_id)) AS branch_id,
        noon(min(opened_on)) AS opened_at
    FROM client JOIN disp USING (client_id) JOIN account USING (account_id)
        JOIN district AS home ON home.district_id = client.district_id
        JOIN district AS kept ON kept.district_id = account.district_id JOIN ({REGIONS}) AS regions ON regions.region = kept.region
    GROUP BY client_id, gender, birth_date, home.name"""

RELATIONS = """
    SELECT printf('R%05d', second.disp_id) AS relation_id, printf('C%05d', second.client_id) AS customer_id,
        printf('C%05d', owner.client_id) AS related_id, 'authorised' AS kind, printf('账户 A%05d', second.account_id) AS scope
    FROM disp AS second JOIN disp AS owner ON owner.account_id = second.account_id AND owner.type = 'OWNER'
    WHERE second.type = 'DISPONENT'"""

# A standing order has no feed of its own: account; amount; what for. To whom is not repeated here, the entries say it.
ATTRIBUTES = """
    SELECT customer_id, (SELECT day FROM as_of) AS as_of, name, value FROM (
        SELECT customer_id, printf('standing_order:%d', order_id) AS name,
            printf('A%05d', account_id) || ';' || amount || ';' || CASE k_symbol
                WHEN 'SIPO' THEN 'household' WHEN 'UVER' THEN 'loan' WHEN 'POJISTNE' THEN 'insurance' WHEN 'LEASING' THEN 'leasing'
                ELSE 'other' END AS value
        FROM "order" JOIN owners USING (account_id)
        UNION ALL
        SELECT customer_id, printf('statements:A%05d', account_id), CASE frequency
            WHEN 'POPLATEK MESICNE' THEN 'monthly' WHEN 'POPLATEK TYDNE' THEN 'weekly' ELSE 'after_each_entry' END
        FROM account JOIN owners USING (account_id)
    )"""
