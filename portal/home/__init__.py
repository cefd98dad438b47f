"""The client's first page."""
