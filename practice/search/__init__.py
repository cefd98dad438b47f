"""Finding people by name, phone number or email address: normalized words, and rows found by them."""
