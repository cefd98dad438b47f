"""Calendar files, calendar feeds, and a practitioner's other calendars."""
