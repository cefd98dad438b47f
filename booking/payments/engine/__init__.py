"""The arithmetic of payments, in whole cents, without rows."""
