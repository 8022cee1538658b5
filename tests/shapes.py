"""Tables shaped like the public ones that everybody tries first, drawn anew from a seed: nothing of the originals is in them.

Each is columns of cells as a file would have them. What leads to the outcome is bent and works together (an age that matters most in the
middle, products that matter with activity), so that a straight line cannot find all of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Shape:
    """`columns` by name; `truth` is the probability that each row had of the outcome."""

    columns: dict[str, list[str]]
    truth: Numbers
    happened: NDArray[np.bool_]

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.truth)


def _toss(random: np.random.Generator, odds: Numbers, rate: float) -> tuple[Numbers, NDArray[np.bool_]]:
    """Chances with the average that is asked for, and a toss of each."""
    low, high = -20.0, 20.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if (1 / (1 + np.exp(-(odds + middle)))).mean() < rate else (low, middle)
    chance = 1 / (1 + np.exp(-(odds + low)))
    return chance, random.random(len(odds)) < chance


def _cells(values: Sequence[object] | NDArray[np.generic], form: str = "") -> list[str]:
    return [format(value, form) for value in values]


def _words(random: np.random.Generator, rows: int, words: str, shares: Sequence[float]) -> NDArray[np.str_]:
    found: NDArray[np.str_] = random.choice(words.split("|"), rows, p=np.array(shares) / sum(shares))
    return found


def cards(rows: int, seed: int) -> Shape:
    """Holders of a card, one snapshot: who uses it less in the fourth quarter than in the first closes it; one in six does."""
    random = np.random.default_rng(seed)
    count = np.clip(random.gamma(7.5, 8.7, rows), 10, 140).round()
    amount = np.clip(count * random.lognormal(4.0, 0.35, rows) * np.where(random.random(rows) < 0.12, 2.2, 1.0), 500, 19000).round()
    change = np.clip(random.normal(0.71, 0.22, rows), 0.05, 2.2)
    amount_change = np.clip(0.3 + 0.6 * change + random.normal(0, 0.17, rows), 0.05, 2.5)
    limit = np.clip(random.lognormal(8.6, 0.95, rows), 1438, 34516).round()
    revolving = np.where(random.random(rows) < 0.25, 0, np.clip(random.normal(1500, 600, rows), 132, 2517)).round()
    idle, contacts, held = random.integers(0, 7, rows), random.integers(0, 7, rows), random.integers(1, 7, rows)
    age = np.clip(random.normal(46, 8, rows), 26, 73).round()
    per_payment = amount / count
    odds = (
        -0.075 * np.minimum(count, 75)
        - 2.6 * change
        - 1.3 * np.maximum(0, 0.8 - amount_change)
        + 1.6 * ((per_payment > 75) & (count < 65))
        - 0.9 * (revolving > 700)
        + 1.1 * (revolving == 0)
        + 0.35 * np.abs(idle - 1.0)
        + 0.4 * contacts
        - 0.45 * np.minimum(held, 3)
        - 0.8 * ((held >= 4) & (amount > 6000))
    )
    truth, gone = _toss(random, 1.35 * odds, 0.16)
    columns = {
        "CLIENTNUM": _cells(random.permutation(rows) + 708082083),
        "Attrition_Flag": ["Attrited Customer" if one else "Existing Customer" for one in gone],
        "Customer_Age": _cells(age, ".0f"),
        "Gender": list(_words(random, rows, "F|M", (53, 47))),
        "Dependent_count": _cells(random.integers(0, 6, rows)),
        "Education_Level": list(_words(random, rows, "Graduate|High School|Unknown|Uneducated|College", (31, 20, 15, 15, 10))),
        "Marital_Status": list(_words(random, rows, "Married|Single|Unknown|Divorced", (46, 39, 8, 7))),
        "Income_Category": list(_words(random, rows, "Less than $40K|$40K - $60K|$60K - $80K|$120K +|Unknown", (35, 18, 14, 7, 11))),
        "Card_Category": list(_words(random, rows, "Blue|Silver|Gold|Platinum", (93, 5.5, 1.2, 0.3))),
        "Months_on_book": _cells(np.clip(random.normal(36, 8, rows), 13, 56).round(), ".0f"),
        "Total_Relationship_Count": _cells(held),
        "Months_Inactive_12_mon": _cells(idle),
        "Contacts_Count_12_mon": _cells(contacts),
        "Credit_Limit": _cells(limit, ".1f"),
        "Total_Revolving_Bal": _cells(revolving, ".0f"),
        "Avg_Open_To_Buy": _cells(limit - np.minimum(revolving, limit), ".1f"),
        "Total_Amt_Chng_Q4_Q1": _cells(amount_change, ".3f"),
        "Total_Trans_Amt": _cells(amount, ".0f"),
        "Total_Trans_Ct": _cells(count, ".0f"),
        "Total_Ct_Chng_Q4_Q1": _cells(change, ".3f"),
        "Naive_Bayes_Score": _cells(np.where(gone, 0.99, 0.001) + random.normal(0, 0.0001, rows), ".6f"),
    }
    return Shape(columns, truth, gone)


def accounts(rows: int, seed: int) -> Shape:
    """Customers of a retail bank in three countries: age, products and activity decide together; one in five left."""
    random = np.random.default_rng(seed)
    age = np.clip(random.gamma(12, 2.4, rows) + 12, 18, 92).round()
    country = _words(random, rows, "France|Germany|Spain", (50, 25, 25))
    products, active = random.choice([1, 2, 3, 4], rows, p=[0.51, 0.459, 0.025, 0.006]), random.random(rows) < 0.515
    balance = np.where((country != "Germany") & (random.random(rows) < 0.48), 0, np.clip(random.normal(119800, 30000, rows), 3000, 250000))
    gender = _words(random, rows, "Male|Female", (55, 45))
    odds = (
        2.3 * np.exp(-(((age - 54) / 11) ** 2))
        - 0.9 * active * (age > 45)
        - 0.55 * active
        + 0.8 * (country == "Germany")
        + 0.3 * (gender == "Female")
        - 1.3 * (products == 2)
        + 2.2 * (products >= 3)
        + 0.9 * ((products == 2) & (balance == 0)) * -1
    )
    truth, gone = _toss(random, odds, 0.204)
    columns = {
        "RowNumber": _cells(np.arange(rows) + 1),
        "CustomerId": _cells(random.permutation(rows) + 15565701),
        "Surname": [f"Surname{one}" for one in random.integers(0, max(5, rows // 4), rows)],
        "CreditScore": _cells(np.clip(random.normal(650, 96, rows), 350, 850).round(), ".0f"),
        "Geography": list(country),
        "Gender": list(gender),
        "Age": _cells(age, ".0f"),
        "Tenure": _cells(random.integers(0, 11, rows)),
        "Balance": _cells(balance, ".2f"),
        "NumOfProducts": _cells(products),
        "HasCrCard": _cells((random.random(rows) < 0.7).astype(int)),
        "IsActiveMember": _cells(active.astype(int)),
        "EstimatedSalary": _cells(random.uniform(11, 199992, rows), ".2f"),
        "Exited": _cells(gone.astype(int)),
    }
    return Shape(columns, truth, gone)


def calls(rows: int, seed: int, *, first: date = date(2023, 5, 1), until: date = date(2025, 11, 1)) -> Shape:
    """Calls that offered a deposit, in the order of their days. The length of the call is known only after it."""
    random = np.random.default_rng(seed)
    share = np.sort(random.random(rows))
    days = [first + timedelta(days=int(one * (until - first).days)) for one in share]
    euribor = np.clip(4.9 - 4.3 * share**0.8 + random.normal(0, 0.1, rows), 0.6, 5.1)
    again = random.random(rows) < 0.037 + 0.06 * (share > 0.6)
    pdays = np.where(again, random.integers(0, 27, rows), 999)
    previous = np.where(again, random.integers(1, 4, rows), (random.random(rows) < 0.1) * 1)
    outcome = np.where(again & (random.random(rows) < 0.65), "success", np.where(previous > 0, "failure", "nonexistent"))
    age, tries = np.clip(random.gamma(14, 2.9, rows), 17, 98).round(), np.minimum(random.geometric(0.42, rows), 40)
    job = _words(random, rows, "admin.|blue-collar|technician|services|management|retired|student|unknown", (25, 22, 16, 10, 7, 4, 2, 1))
    phone = _words(random, rows, "cellular|telephone", (63, 37))
    odds = (
        -0.55 * euribor
        + 2.1 * (outcome == "success")
        - 0.3 * (outcome == "failure")
        - 0.08 * np.minimum(tries, 12)
        + 0.9 * (((age < 25) | (age > 60)) & (euribor < 2.5))
        + 0.5 * np.isin(job, ("retired", "student"))
        - 0.25 * (job == "blue-collar")
        + 0.5 * (phone == "cellular") * (euribor < 3.5)
        + 0.9 * (again & (pdays < 7))
    )
    truth, bought = _toss(random, odds, 0.113)
    duration = np.where(bought, random.gamma(2.2, 250, rows), random.gamma(1.4, 160, rows)).round()
    columns = {
        "day": [one.isoformat() for one in days],
        "age": _cells(age, ".0f"),
        "job": list(job),
        "marital": list(_words(random, rows, "married|single|divorced|unknown", (60, 28, 11, 0.2))),
        "education": list(_words(random, rows, "university.degree|high.school|basic.9y|unknown", (30, 23, 15, 4))),
        "default": list(_words(random, rows, "no|unknown|yes", (79, 20.9, 0.1))),
        "contact": list(phone),
        "month": [f"{one:%b}".lower() for one in days],
        "duration": _cells(duration, ".0f"),
        "campaign": _cells(tries),
        "pdays": _cells(pdays),
        "previous": _cells(previous),
        "poutcome": list(outcome),
        "euribor3m": _cells(euribor, ".3f"),
        "y": ["yes" if one else "no" for one in bought],
    }
    return Shape(columns, truth, bought)


def invoices(customers: int, seed: int, *, as_of: date, days: int = 640) -> list[dict[str, str]]:
    """Lines of a shop's invoices: customers buy at a pace of their own until they drop out; some lines are taken back (`C…`)."""
    random = np.random.default_rng(seed)
    pace, life = random.gamma(1.3, 45, customers) + 9, random.exponential(420, customers)
    lines: list[dict[str, str]] = []
    for number in range(customers):
        day = float(random.integers(0, days // 2))
        end = min(float(days), day + life[number])
        while day < end:
            on = as_of - timedelta(days=days - int(day))
            for _ in range(int(random.integers(1, 4))):
                line = {
                    "Invoice": f"{530000 + len(lines)}",
                    "StockCode": f"{85000 + int(random.integers(0, 400))}",
                    "Quantity": str(int(random.integers(1, 13))),
                    "InvoiceDate": f"{on} 10:{int(random.integers(10, 60))}:00",
                    "Price": f"{float(random.lognormal(1, 0.6)):.2f}",
                    "Customer ID": str(12000 + number),
                }
                lines.append(line)
                if random.random() < 0.02:
                    lines.append(line | {"Invoice": f"C{530000 + len(lines)}", "Quantity": f"-{line['Quantity']}"})
            day += max(1.0, float(random.exponential(pace[number])))
    return lines
