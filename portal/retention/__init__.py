"""Retention: how long notes, practice at home and questions are kept."""
