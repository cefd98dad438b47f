"""When a session may begin: rows become the engine's values; free times and reasons come out."""
