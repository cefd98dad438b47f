"""An email to ourselves: whether what a mail server takes arrives."""
