"""Consents: the texts that clients sign, and who wants emails between sessions."""
