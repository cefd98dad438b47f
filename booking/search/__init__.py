"""The search at work: clients by name, phone number or email address, with what to do next."""
