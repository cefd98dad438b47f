"""Questions from visitors: answered by email, and shown on the page of the lesson if both sides agree."""
