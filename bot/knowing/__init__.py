"""What the nightly run knows, for `bot.lookups`: one file per kind of knowledge. Whether the viewer may see it is decided there."""

"""What judgements say of one customer, for lookups: a file per judgement. Access is decided by the caller."""
