"""Roles and permissions: the table of who may see and change what, applied to pages and rows."""
