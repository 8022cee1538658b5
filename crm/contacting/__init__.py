"""Whom we reach how and when: answers by channel, hours of the app, and the last contact in which the customer took part (D01, B14, A03)."""
