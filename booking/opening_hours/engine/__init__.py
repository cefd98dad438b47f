"""Rules of a typed week, as values: times as people write them, overlaps, and what a change brings."""
