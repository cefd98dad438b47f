"""A client's own intake and consents, to read and to renew."""
