"""Follow-ups as values: when an email is due, whether it may go, and what it is about."""
