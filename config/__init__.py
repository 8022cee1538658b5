"""Settings: one frozen object, read once at the start, every wrong value reported together."""
