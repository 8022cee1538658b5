"""Handlers for: rm. One intent a file."""
