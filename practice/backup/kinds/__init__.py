"""Kinds of places for backups beside a folder, and the table of them."""
