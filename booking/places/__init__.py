"""Where a session is: at the practice, at the client's, by phone or video."""
