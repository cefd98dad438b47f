"""Attendees: who comes to a session, and that its client confirms it."""
