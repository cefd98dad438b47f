"""A lived-in practice, made through the same actions as the pages: for a newcomer's first minute."""
