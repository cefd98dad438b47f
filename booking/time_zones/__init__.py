"""Clocks for showing a session, and its start on the wall clock as agreed."""
