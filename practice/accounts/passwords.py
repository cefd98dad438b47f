"""Password rules beside Django's own."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from practice import queries
from practice.models import User


class PracticeNameValidator:
    """A validator that refuses the practice's own name, with any numbers and signs around it."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError when the password has no letters but the practice's name."""
        if alphabetic_part(password) == alphabetic_part(queries.the_practice().name):
            raise ValidationError(_("Please don’t use the name of the practice."), code="practice_name")

    def get_help_text(self) -> str:
        """Return the rule in one line, as Django's validators have."""
        return _("Don’t use the name of the practice.")


def alphabetic_part(text: str) -> str:
    """Return the letters alone, in lower case."""
    return re.sub(r"[\W\d_]", "", text.casefold())
