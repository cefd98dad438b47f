"""Closed days and practitioners who are away: their sessions are handed over or canceled."""
