"""What a customer likes to hold and how deposits move, from holdings, term deposits and purchases."""
