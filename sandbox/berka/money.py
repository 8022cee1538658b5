"""Accounts with their balances at the end of a day, and the entries."""

# The contract has no deposit below zero: what lies below is another account, an overdraft, from the day the account was opened.
ACCOUNTS = """
    SELECT printf('A%05d', account_id) AS account_id, customer_id, 'deposit' AS kind, 'ACCOUNT' AS product_code, 'CZK' AS currency,
        opened_on
    FROM account JOIN owners USING (account_id)
    UNION ALL
    SELECT printf('A%05d-O', account_id), customer_id, 'loan', 'OVERDRAFT', 'CZK', opened_on
    FROM account JOIN owners USING (account_id) WHERE account_id IN (SELECT account_id FROM day_ends WHERE balance < 0)
    UNION ALL
    SELECT printf('K%05d', card_id), printf('C%05d', client_id), 'card', 'CARD-' || upper(card.type), 'CZK', issued_on
    FROM card JOIN disp USING (disp_id)"""

# Each entry tells the balance after it, but not which entry of a day was the last: that whose balance is where no other one began.
# Balances are rounded to tenths, so the rest (a few days in forty thousand) is settled by what is nearest to the sum of all entries.
DAY_ENDS = """
    WITH signed AS (SELECT trans_id, account_id, day, balance, sign(type) * amount AS moved FROM trans),
    followed AS (
        SELECT DISTINCT one.trans_id FROM signed AS one JOIN signed AS other USING (account_id, day)
        WHERE one.trans_id <> other.trans_id AND abs(other.balance - other.moved - one.balance) < 0.2
    ),
    summed AS (
        SELECT *, sum(moved) OVER (PARTITION BY account_id ORDER BY day) AS total, trans_id IN (FROM followed) AS goes_on FROM signed
    )
    SELECT account_id, day, balance FROM summed
    QUALIFY row_number() OVER (PARTITION BY account_id, day ORDER BY goes_on, abs(balance - total), trans_id) = 1"""

BALANCES = """
    SELECT printf('A%05d', account_id) AS account_id, day AS "on", greatest(balance, 0) AS balance, cny(greatest(balance, 0)) AS balance_cny
    FROM day_ends
    UNION ALL
    SELECT printf('A%05d-O', account_id), day, least(balance, 0), cny(least(balance, 0))
    FROM day_ends WHERE account_id IN (SELECT account_id FROM day_ends WHERE balance < 0)"""

# Credits that come from the same place month by month run by themselves, as pensions do. Three of them make it clear.
MONTHLY_CREDITS = """
    SELECT account_id, bank, account FROM (
        SELECT account_id, bank, account, day - lag(day) OVER (PARTITION BY account_id, bank, account ORDER BY day) AS gap
        FROM trans WHERE operation = 'PREVOD Z UCTU'
    ) GROUP BY ALL HAVING count(*) >= 3 AND min(gap) >= 27 AND max(gap) <= 32"""

# Cash with a household symbol comes on any day and with any amount: somebody does it by hand. Transfers with one run by an order.
TRANSACTIONS = """
    SELECT printf('T%07d', trans_id) AS transaction_id, printf('A%05d', account_id) AS account_id, noon(day) AS at,
        sign(type) * amount AS amount, 'CZK' AS currency, cny(sign(type) * amount) AS amount_cny,
        CASE WHEN by_bank OR by_order OR by_month THEN 'bank' ELSE 'customer' END AS initiator,
        CASE WHEN k_symbol IN ('UROK', 'SANKC. UROK') THEN 'interest'
            WHEN k_symbol = 'SLUZBY' THEN 'fee'
            WHEN k_symbol = 'DUCHOD' THEN 'pension'
            WHEN k_symbol = 'UVER' THEN 'repayment'
            WHEN k_symbol IN ('SIPO', 'POJISTNE', 'LEASING') THEN 'payment'
            WHEN operation LIKE 'PREVOD%' THEN 'transfer'
            WHEN operation LIKE 'VYBER%' OR operation = 'VKLAD' THEN 'cash'
            ELSE 'other' END AS kind,
        CASE WHEN by_bank OR by_order OR by_month THEN 'batch'
            WHEN operation = 'VYBER KARTOU' THEN 'atm'
            WHEN operation IN ('VYBER', 'VKLAD') THEN 'counter'
            ELSE 'other' END AS channel,
        account AS counterparty_account, bank AS counterparty_bank
    FROM (
        SELECT *, coalesce(k_symbol IN ('UROK', 'SLUZBY', 'SANKC. UROK'), false) AS by_bank,
            coalesce(operation = 'PREVOD NA UCET', false) AND (coalesce(k_symbol IN ('SIPO', 'POJISTNE', 'UVER', 'LEASING'), false)
                OR (account_id, bank, account) IN (SELECT (account_id, bank_to, account_to) FROM "order")) AS by_order,
            coalesce(k_symbol = 'DUCHOD', false)
                OR (account_id, bank, account) IN (SELECT (account_id, bank, account) FROM monthly_credits) AS by_month
        FROM trans
    )"""
