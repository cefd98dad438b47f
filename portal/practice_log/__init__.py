"""What a client did at home: heard, done, noticed and felt."""
