"""Emails that wait for their time before a session: reminders, how to prepare."""
