"""Simulated people on the other side of a channel: customers who react, relationship managers who answer, and the bank that writes it down.

Seeded: the same seed and the same messages give the same reactions. What is true of somebody comes from `truth/` of the generated bank;
how people behave in general stands in weights.yaml; what they type in phrases.yaml. Messages come in and reactions go out as plain values,
so that any channel can be played; what became of them goes back to the bank as files of docs/data-contract.md.
"""
