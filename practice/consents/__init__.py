"""The texts that clients sign, and who wants which emails."""
