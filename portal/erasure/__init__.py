"""Erasing a client: which rows go, and which stay as numbers."""
