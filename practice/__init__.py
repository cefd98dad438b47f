"""Who: the business, its people, its voice. Zones are read from our own data before anything else is read."""

from practice.core import zone_data

zone_data.use_our_own()
