"""Learning from what became of customers: a model that adds up, measured against the rule on later days, kept as JSON.

What a feature says must have been known on the day it is used for; what knows the future is left out, and the report names it.
"""
