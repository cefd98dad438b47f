"""Articles of the practice: Markdown as safe HTML, and the page on when to see a doctor."""
