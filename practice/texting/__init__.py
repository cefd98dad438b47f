"""Text messages: consent for each number, words that fit, what the gateway reports, and the cost."""
