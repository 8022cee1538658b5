"""How well a relation stands: value, behaviour and satisfaction as one number of 0-100, with what it rests on (F01-F04)."""
