"""Handlers for: customer. One intent a file."""
