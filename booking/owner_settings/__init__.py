"""The owner's settings that booking acts on: a new address, hours for reminders, other sites."""
