"""Lessons: guided audio, its page, and the recording behind it."""
