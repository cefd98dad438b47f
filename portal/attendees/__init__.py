"""Saying whose session it was, and what goes along into their record."""
