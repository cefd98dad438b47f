"""The business, its people and its emails. Importing it chooses our own time zone data first."""

from practice.core import zone_data

zone_data.use_pinned_data()
