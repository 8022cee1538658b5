"""The web: a chat for customers, a workbench for relationship managers. Everything a page loads comes from this server."""
