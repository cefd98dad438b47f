"""What no password may be, beside Django's own rules."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from practice import queries
from practice.models import User


class NotTheNameOfThePractice:
    """Refuses the practice's own name, with whatever numbers and signs around it."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError when nothing but the name is left of it."""
        if letters_of(password) == letters_of(queries.the_practice().name):
            raise ValidationError(_("Please don’t use the name of the practice."), code="practice_name")

    def get_help_text(self) -> str:
        """One line, as Django's validators have."""
        return _("Don’t use the name of the practice.")


def letters_of(text: str) -> str:
    """Return the letters alone, in lower case."""
    return re.sub(r"[\W\d_]", "", text.casefold())
