"""Who comes to a session, and that they confirm it."""
