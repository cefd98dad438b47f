"""Questions of clients, and their answers."""
