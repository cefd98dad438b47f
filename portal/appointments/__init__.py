"""Pages of a client's appointments and their calendar feed."""
