"""The owner's page of services: what can be booked, in which order, on which terms."""
