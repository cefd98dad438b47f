"""A client's appointments, and their calendar feed."""
