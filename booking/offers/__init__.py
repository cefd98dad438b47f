"""Freed times, offered to one person on the waitlist after the other."""
