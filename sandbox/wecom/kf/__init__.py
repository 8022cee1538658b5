"""微信客服: accounts, the log that sync_msg reads, sessions, sending."""
