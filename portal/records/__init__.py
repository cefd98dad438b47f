"""Whose record somebody at work may open."""
