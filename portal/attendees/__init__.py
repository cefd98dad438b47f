"""Saying who attended a session, and what moves to that person's record."""
