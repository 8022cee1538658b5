"""Handlers for: staff. One intent a file."""
