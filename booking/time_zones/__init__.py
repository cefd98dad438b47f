"""Whose clock tells a session, and its start as clocks showed it when it was agreed."""
