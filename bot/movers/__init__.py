"""What moves the inbox and the outbox."""
