"""Lessons kept on a client's device: the worker that serves them without a connection, the app's manifest."""
