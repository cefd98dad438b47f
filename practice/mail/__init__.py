"""Emails as rows: planned with their cause, checked when they leave, and kept as a ledger."""
