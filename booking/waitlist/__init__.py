"""The waitlist: joining, leaving, and answering an offer."""
