"""The making of an email from a kind and its values: subject, text, HTML, headers and addresses."""
