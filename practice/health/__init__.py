"""Checks for the health page: the heartbeat, and the age of the time zone data."""
