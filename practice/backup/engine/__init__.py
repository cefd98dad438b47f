"""The rules of backups: what a manifest says, which backups are kept, when one is due, what is refused."""
