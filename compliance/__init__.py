"""What may be seen, said and sold: the gate that every text passes, its rules, and who may see what.

Everything here is pure: the caller loads what a rule may look at (`rule.Context`), gives the instant, and gets a judgement as a value.
A rule is one file in `rules/`; the words that rules look for are YAML in `phrases/`, figures and permissions YAML in `tables/`, so that
compliance staff can read and review them. Nothing here sends, stores or asks the time.
"""
