"""What becomes of sent emails: deliveries, bounces, complaints and replies, as they are reported."""
