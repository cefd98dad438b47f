"""What changes a consent to text messages, and what the gateway tells us."""
