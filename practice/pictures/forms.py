"""The forms that take a picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from practice.pictures.engine import prepare
from practice.pictures.wording import refusal


class PictureField(forms.FileField):
    """A file that is an image; its value is the image as it will be served.

    prepare: what makes it so, or raises NotAPicture. least: pixels of the shorter side.
    """

    def __init__(self, *, prepare: Callable[[bytes], Any], least: int, **kwargs: Any) -> None:
        super().__init__(
            allow_empty_file=True,
            widget=forms.FileInput({"accept": "image/jpeg,image/png,image/webp"}),
            error_messages={"required": _("Please choose a file first.")},
            **kwargs,
        )
        self.prepare, self.least = prepare, least

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the prepared picture. Raises ValidationError with a sentence that says what to do."""
        file = super().clean(data, initial)
        try:
            if file.size > prepare.MOST_BYTES:
                raise prepare.NotAPicture(prepare.Fault.BYTES)
            return self.prepare(file.read())
        except prepare.NotAPicture as error:
            raise ValidationError(refusal(error.fault, least=self.least), code=error.fault) from error


class PhotoForm(forms.Form):
    """The form for a photo of someone who works here."""

    use_required_attribute = False
    photo = PictureField(
        prepare=prepare.photo,
        least=prepare.LEAST_PHOTO,
        label=_("Photo"),
        help_text=_("JPEG, PNG or WebP. It is cut to a square, and where it was taken is removed."),
    )


class LogoForm(forms.Form):
    """The form for the practice's logo."""

    use_required_attribute = False
    logo = PictureField(
        prepare=prepare.logo,
        least=prepare.LEAST_LOGO,
        label=_("Logo file"),
        help_text=_("PNG, WebP, or JPEG, best with a transparent background."),
    )
