"""The form that sends a recording in one piece, for a browser without scripts."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

# A browser counts WebM and some phones' recordings as video, and would not offer them.
SOUND_FILES = "audio/*,.aif,.aiff,.caf,.flac,.m4a,.mp3,.oga,.ogg,.opus,.wav,.webm"


class RecordingForm(forms.Form):
    """A form with one sound file."""

    recording = forms.FileField(
        label=_("Recording"),
        allow_empty_file=True,  # refused by the worker, by name and with a sentence
        widget=forms.FileInput(attrs={"accept": SOUND_FILES}),
        error_messages={"required": _("Please choose a recording first.")},
    )
