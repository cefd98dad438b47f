"""Packages of sessions: sold at work, used by bookings, given back by a cancel in time."""
