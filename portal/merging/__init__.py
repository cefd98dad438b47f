"""Merging two records of one person into one, and undoing it."""
