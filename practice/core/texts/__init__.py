"""PURE. Text messages as values: how long they are, what replies ask for, when they go, and the gateway."""
