"""How good judgements are, measured against what a simulated bank knows of itself: pure measures, and the truth read from files."""
