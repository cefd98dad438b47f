"""Texts of the practice: Markdown made safe, and the page on when to see a doctor."""
