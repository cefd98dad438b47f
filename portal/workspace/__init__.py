"""The practitioner's day: the brief, what needs attention, and the clients."""
