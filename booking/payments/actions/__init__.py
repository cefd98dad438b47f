"""What is done with payments: recorded, given back, taken back, waived; receipts issued and sent."""
