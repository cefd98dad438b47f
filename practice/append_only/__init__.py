"""Append-only rows: the database refuses to change or remove them, except through one logged door."""
