"""Exercises, and which of what was given is next."""
