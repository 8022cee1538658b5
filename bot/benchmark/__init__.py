"""What `python -m bot bench` measures. Nothing here runs in service."""
