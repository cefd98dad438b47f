"""What one PostgreSQL carries, and what a second region means: measured unit costs, and a model of them."""
