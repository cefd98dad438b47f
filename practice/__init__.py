"""The business, its people and its emails. Importing it chooses our own time zone data first."""

import gc

from practice.core import zone_data

zone_data.use_pinned_data()
# Loading Django makes a million objects that stay. To look for garbage after each 700 new ones took a fifth
# of every process's start and of each migration.
gc.set_threshold(20_000, 20, 20)
