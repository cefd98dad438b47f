"""Questions from clients, and their answers."""
