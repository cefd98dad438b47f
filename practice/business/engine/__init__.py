"""Rules for the look of the practice: which colors can be read."""
