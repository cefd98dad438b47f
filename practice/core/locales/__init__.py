"""What CLDR knows of a locale, read through Babel: its patterns, and its names of time zones."""
