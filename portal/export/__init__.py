"""A copy of all that is kept of a client, for them to take along. Its format: docs/export.md."""
