"""Loans, and of their instalments those that the entries tell or that are still to come."""

# A: finished and paid. B: finished, not paid. C: running. D: running, in arrears. When a finished one was paid is not told.
LOANS = """
    SELECT printf('L%05d', loan_id) AS loan_id, customer_id, printf('A%05d', account_id) AS account_id, 'LOAN' AS product_code,
        'other' AS kind, amount AS principal, 'CZK' AS currency, granted_on AS started_on,
        granted_on + to_months(months) AS ends_on, 'other' AS method,
        CASE status WHEN 'A' THEN 'settled' WHEN 'B' THEN 'written_off' WHEN 'C' THEN 'current' WHEN 'D' THEN 'overdue' END AS status
    FROM loan JOIN owners USING (account_id)"""

# The day of the month is the usual one of the entries; the exact amount is that of the standing order, the loan says whole crowns.
INSTALMENTS = """
    WITH usual AS (SELECT mode(day(day)) AS due_day FROM trans WHERE k_symbol = 'UVER'),
    exact AS (SELECT account_id, amount FROM "order" WHERE k_symbol = 'UVER'),
    firsts AS (
        SELECT loan_id, loan.account_id, months, coalesce(min(exact.amount), any_value(payment)) AS due_amount,
            CAST(date_trunc('month', granted_on) AS DATE) + CAST(due_day - 1 AS INTEGER) AS near, granted_on
        FROM loan CROSS JOIN usual LEFT JOIN exact ON exact.account_id = loan.account_id AND abs(exact.amount - payment) <= 1
        WHERE due_day IS NOT NULL GROUP BY ALL
    )
    SELECT loan_id, account_id, number, due_amount,
        CAST(near + to_months(number - 1 + CASE WHEN near > granted_on THEN 0 ELSE 1 END) AS DATE) AS due_on
    FROM (SELECT *, unnest(generate_series(1, months)) AS number FROM firsts)"""

# Between the last entry and the day of the files nobody knows what was paid: a row without a payment would say that it was not.
REPAYMENTS = """
    SELECT printf('L%05d', loan_id) AS loan_id, number, due_on, due_amount,
        CASE WHEN paid >= due_amount THEN paid_on END AS paid_on, paid AS paid_amount
    FROM instalments LEFT JOIN (
        SELECT account_id, date_trunc('month', day) AS month, sum(amount) AS paid, max(day) AS paid_on
        FROM trans WHERE k_symbol = 'UVER' GROUP BY ALL
    ) AS payments ON payments.account_id = instalments.account_id AND payments.month = date_trunc('month', due_on)
    WHERE due_on <= (SELECT max(day) FROM trans) OR due_on > (SELECT day FROM as_of)"""
