"""What builds, checks and tests the portal; nothing here runs in a practice."""
