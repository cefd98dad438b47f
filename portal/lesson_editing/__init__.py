"""Lessons and collections as the practitioner edits them: texts, chapters, transcript, publishing."""
