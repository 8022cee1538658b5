"""Judging every customer from the facts: stages of one run, the same expressions for a whole bank and for one customer in a chat."""
