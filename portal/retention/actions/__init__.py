"""What retention does in `portal/` beyond its table."""
