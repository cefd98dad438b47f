"""The wrap-up of a session: its note, what is given to do at home, what comes next."""
