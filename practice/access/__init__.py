"""Who may see and change what: the table of roles, and its use on pages and rows."""
