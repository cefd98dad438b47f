"""Pure rules of follow-ups: when an email is due, whether it may go, and which text it has."""
