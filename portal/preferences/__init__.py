"""Email preferences of a client, and unsubscribing."""
