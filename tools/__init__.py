"""Tools that build, check and test the portal; nothing here runs in a practice."""
