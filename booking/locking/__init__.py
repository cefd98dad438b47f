"""The lock, the judgement under it, the database's overlap guard, and idempotency keys."""
