"""Checks and new encodings of pictures, without files or rows."""
