"""What customers may need: evidence from the facts, a noisy-OR over it, and its explanation for one customer."""
