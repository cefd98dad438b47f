"""A copy of all that is kept of a client, for them to download. Its format: docs/export.md."""
