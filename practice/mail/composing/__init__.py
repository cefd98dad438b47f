"""From a kind and its values to the subject, text, HTML, headers and envelope of an email."""
