"""The client's first page in the portal."""
