"""The own app: messages to members, cards, menu, OAuth, tickets."""
