"""A simulated year of a practice: `make year`."""
