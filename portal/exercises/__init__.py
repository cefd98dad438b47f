"""Exercises, and the one of the client's assignments to do next."""
