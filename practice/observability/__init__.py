"""What the site tells the person who runs it: log lines with one id, refusals, errors, and numbers."""
