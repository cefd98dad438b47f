"""The waitlist: wishes, and the freed times that are offered to one person after the other."""
