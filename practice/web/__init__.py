"""What every page shares: middleware, errors, the size of requests, what templates know."""
