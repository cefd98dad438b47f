"""Receipts: what they say, in which letters, and as a file."""
