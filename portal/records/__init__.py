"""Access of people at work to clients' records."""
