"""Whom we reach how and when: answers by channel, hours of the app, the last contact that went both ways (D01, B14, A03)."""
