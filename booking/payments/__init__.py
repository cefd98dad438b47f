"""Payments as people at work record them: what is owed, what was paid and how, receipts and lists."""
