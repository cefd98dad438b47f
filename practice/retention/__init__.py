"""Retention: how long things are kept, and the hourly removal of what is too old."""
