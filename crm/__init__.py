"""Knowing the customer: the bank's files become the book and the facts, and these become a profile with reasons and dates."""
