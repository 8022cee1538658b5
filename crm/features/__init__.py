"""What every judgement starts from: how recent, how frequent and how much each customer dealt, and what they have with us."""
