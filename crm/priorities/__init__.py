"""What a relationship manager should do first today, and why (F05, requirements §2.8)."""
