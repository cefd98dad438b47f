"""Reading another calendar by its address: fetched with care, and reduced to its busy time."""
