"""Price and policy: how long moving and canceling is free, and what it costs after that."""
