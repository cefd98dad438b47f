"""Parts that every page shares: middleware, errors, the size of requests, the template context."""
