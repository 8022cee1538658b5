"""Stand-ins for the outside world, shipped for demonstration and tests.

They import nothing of the product and the product imports none of them: they meet only at docs/data-contract.md and at HTTP.
"""
