"""The texts of the practice in its other language: Spanish, or English where it writes in Spanish."""
