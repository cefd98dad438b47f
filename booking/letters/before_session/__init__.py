"""Emails planned for a time before a session: reminders and preparation."""
