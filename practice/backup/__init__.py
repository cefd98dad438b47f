"""Backups: made on a schedule, checked, restored, and kept for as long as the settings say."""
