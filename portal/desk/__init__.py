"""What the practitioner sees of it: the brief before a session, a client's page, what needs a person."""
