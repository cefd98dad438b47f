"""Retention: how long appointments, payments and intakes are kept."""
