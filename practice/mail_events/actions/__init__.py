"""What writes a report on an email's row, and what follows from it."""
