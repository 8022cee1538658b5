"""What judgements say of one customer, for lookups: a file per judgement. Access is decided by the caller."""
