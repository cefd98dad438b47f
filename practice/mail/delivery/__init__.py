"""Sending: claims, the SMTP connection, refusals, and the outbox of files."""
