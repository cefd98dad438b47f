"""Settings of the owner that booking acts on: a new address, other hours for reminders, other sites."""
