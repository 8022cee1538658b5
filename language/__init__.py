"""Reads what Chinese customers write: numbers, money, dates, periods, corrections, yes and no.

Rules of this room:

- Pure functions. No I/O, no clock, no settings: `at`, the instant a text was written, is an argument.
- Money and numbers are `Decimal`; a float never appears.
- Every finding carries the span it was read from, counted in the *original* text, so that a caller can quote,
  highlight or mask the customer's own characters.
- Nothing raises on any text. What is unclear is not found (or is None); it is for the dialogue to ask back.
- Wording lives in tables beside the grammar that uses it; a new way of saying something is a new entry.
- May import the standard library, opencc and lunar_python, and nothing else of this repository.
"""
