"""Emails about appointments. Planned in the transaction of their cause, so they are sent only if it holds."""
