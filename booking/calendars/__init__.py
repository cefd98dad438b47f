"""Calendar files, calendar feeds, and other calendars that are read."""
