"""Price and policy: until when moving and canceling is free, and what it costs after that."""
