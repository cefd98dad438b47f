"""What a month was like, in numbers that a small practice acts on."""
