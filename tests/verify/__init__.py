"""The proofs at full size: `python -m tests.verify`."""
