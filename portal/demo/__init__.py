"""A demo practice with some weeks of history, made through the same actions as the pages."""
