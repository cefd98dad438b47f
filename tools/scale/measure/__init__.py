"""Measure the unit costs on this machine, with a PostgreSQL of our own: `python -m tools.scale.measure`."""
