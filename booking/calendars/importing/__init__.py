"""Another calendar, read by its address: fetched with care, and reduced to when it is busy."""
