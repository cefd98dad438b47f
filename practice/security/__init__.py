"""Security: encryption at rest, counted limits, and answers that take the same time."""
