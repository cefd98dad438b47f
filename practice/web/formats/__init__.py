"""How Django itself writes dates: only the back office lets it."""
