"""Signs of life for the health page: the heartbeat, and how fresh the time zone data are."""
