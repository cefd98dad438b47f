"""Emails about appointments. Called within the transaction of their cause, and sent only if it holds."""
