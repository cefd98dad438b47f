"""Places of a session: at the practice, at the client's, by phone or video."""
