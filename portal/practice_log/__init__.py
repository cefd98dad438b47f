"""The practice log: what a client heard, did, noticed and felt at home."""
