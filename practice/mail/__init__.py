"""Emails as rows: promised with their cause, checked when they leave, and kept as a ledger."""
