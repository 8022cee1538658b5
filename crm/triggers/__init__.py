"""Triggers: what customers just did, and whether that is a reason for their manager to act at once (F06)."""
