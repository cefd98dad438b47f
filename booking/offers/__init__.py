"""Offers: a freed time is offered to people on the waitlist, one after the other."""
