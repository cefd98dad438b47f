"""The sending of emails: claims, the SMTP connection, refusals, and the outbox of files."""
