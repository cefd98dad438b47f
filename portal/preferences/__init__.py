"""How a client wishes to be written to, and the way to unsubscribe."""
