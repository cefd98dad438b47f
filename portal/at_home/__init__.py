"""What a client sees of it: the one thing to do, the ritual around a lesson, what they did and noticed."""
