"""Accounts and sign-in: the pages, one-time links, changed addresses, limits and log."""
