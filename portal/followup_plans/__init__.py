"""Plans of follow-up emails as they are edited: the practice's own, and one client's."""
