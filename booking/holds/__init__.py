"""Holds: a time kept for a visitor while they fill in the form."""
