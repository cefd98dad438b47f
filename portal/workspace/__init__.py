"""The practitioner's workspace: today's brief, what needs attention, and the clients."""
