"""Photos and videos of exercises, stored and prepared."""
