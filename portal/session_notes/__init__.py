"""The wrap-up of a session: its note, what the client does at home, and what comes next."""
