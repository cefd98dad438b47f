"""Pure: what the emails to ourselves prove, and when the next one is sent."""
