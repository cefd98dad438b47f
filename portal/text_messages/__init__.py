"""A client's number for text messages, and whether reminders come as texts."""
