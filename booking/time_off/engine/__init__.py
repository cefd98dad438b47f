"""Rules about days off, as values."""
