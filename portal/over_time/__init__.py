"""Pain and the client's own activities over time, with the sessions between them, and each with its table."""
