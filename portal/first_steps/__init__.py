"""First steps of a new practice, on its owner's Today until they are done."""
