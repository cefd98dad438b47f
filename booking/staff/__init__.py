"""The owner's pages for who works here: roles, access, and what is said of each practitioner."""
