"""The domain that emails come from: their DKIM signature, and what its DNS records lack."""
