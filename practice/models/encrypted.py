"""Model fields for health data, encrypted with keys that are not in the database."""

from __future__ import annotations

import json
from typing import Any

from django.db import models

from practice.security.crypto import decrypt, encrypt


class EncryptedTextField(models.TextField):
    """A text encrypted under FIELD_KEYS on its way to the database. NULL stays NULL, and "" stays "".

    The same text is encrypted differently each time, so nothing can be found by it: every lookup but `isnull`
    is refused instead of silently finding nothing. Reading raises Unreadable when its key was lost.
    """

    description = "A text that rests encrypted"

    def get_prep_value(self, value: Any) -> str | None:
        text = super().get_prep_value(value)
        return encrypt(text) if text else text

    def from_db_value(self, value: str | None, *database: object) -> str | None:
        """Return the decrypted text."""
        return decrypt(value) if value else value

    def get_lookup(self, lookup_name: str) -> type[models.Lookup[Any]] | None:
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None


class EncryptedJSONField(EncryptedTextField):
    """A value as JSON, encrypted in the same way. NULL stays NULL, and is None."""

    description = "A value that rests encrypted, as JSON"

    def get_prep_value(self, value: Any) -> str | None:
        return None if value is None else super().get_prep_value(json.dumps(value))

    def from_db_value(self, value: str | None, *database: object) -> Any:
        """Return the decrypted value."""
        text = super().from_db_value(value, *database)
        return json.loads(text) if text else None
