"""What goes, and what stays as numbers, when a client is erased."""
