"""Appointments: booking, moving, canceling, restoring them, and their pages."""
