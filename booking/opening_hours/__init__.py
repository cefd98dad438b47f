"""The week of opening hours of each practitioner: typed, previewed by the engine, and saved as a whole."""
