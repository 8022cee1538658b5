"""The bank itself, made of its districts: a branch each, a relationship manager a region, one manager; the products that the files name."""

REGIONS = "SELECT region, dense_rank() OVER (ORDER BY region) AS number FROM district GROUP BY region"

BRANCHES = "SELECT printf('B%02d', district_id) AS branch_id, name || '支行' AS name, name AS city, region AS address FROM district"

# A relationship manager sits in the first district of the region.
STAFF = f"""
    SELECT printf('S%02d', number) AS staff_id, printf('经理%02d', number) AS name, 'rm' AS role,
        printf('B%02d', min(district_id)) AS branch_id
    FROM district JOIN ({REGIONS}) USING (region) GROUP BY number
    UNION ALL
    SELECT 'M01', '主管01', 'manager', printf('B%02d', min(district_id)) FROM district"""

# The files know no approvals and no rates: the product has a name and a kind, no figures.
PRODUCTS = """
    SELECT product_code, name, kind, category, 'CZK' AS currency, 'PKDD99-' || product_code AS approval, (SELECT day FROM as_of) AS as_of
    FROM (VALUES
        ('ACCOUNT', '往来账户', 'deposit', 'demand'),
        ('OVERDRAFT', '账户透支', 'loan', 'other'),
        ('LOAN', '贷款', 'loan', 'other'),
        ('CARD-JUNIOR', '青年卡', 'card', 'credit_card'),
        ('CARD-CLASSIC', '普通卡', 'card', 'credit_card'),
        ('CARD-GOLD', '金卡', 'card', 'credit_card')
    ) AS made(product_code, name, kind, category)"""
