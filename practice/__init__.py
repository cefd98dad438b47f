"""Who: the business, its people, its voice. Zones are read from our own data before anything else is read."""

from practice import zones

zones.use_our_own()
