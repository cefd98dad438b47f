"""Zone changes: what to do when the rules of a time zone change after a session was booked."""
