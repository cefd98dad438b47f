"""The intake before a first session: its questions, answers, emails and pages."""
