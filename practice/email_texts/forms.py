"""The form for the text of an email: judged word by word, and never tidied before it is shown again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from practice.email_texts.placeholders import (
    SUBJECT_LONGEST,
    Problem,
    problems_of,
    problems_of_subject,
    tidy,
)
from practice.email_texts.queries import Text
from practice.email_texts.registry import EditableEmail, Part
from practice.email_texts.wording import sentence
from practice.models import User

#: More clients than this are not listed for a preview.
MOST_CLIENTS = 200
HTML, PLAIN = "html", "text"


class WordsField(forms.CharField):
    """A text with words in double braces. Every problem is named; nothing is carried out."""

    def __init__(self, email: EditableEmail, part: Part) -> None:
        super().__init__(
            label=part.label,
            help_text=part.hint,
            required=not part.may_be_empty,
            strip=False,
            widget=forms.Textarea(attrs={"rows": 3 if part.may_be_empty else 5, "data-words": True}),
        )
        self.email, self.part = email, part

    def clean(self, value: Any) -> str:
        """Return the tidy text. Raises ValidationError with a sentence for each problem."""
        typed, words = value or "", self.email.word_names
        found = problems_of(typed, words=words, may_be_empty=self.part.may_be_empty)
        if found:
            raise ValidationError([sentence(one, words=words) for one in found])
        return tidy(typed)


class SubjectField(forms.CharField):
    """A subject with words in double braces."""

    def __init__(self, email: EditableEmail) -> None:
        super().__init__(
            label=_("Subject"),
            help_text=_("Shown on locked phones: say nothing about anyone’s body or health."),
            strip=False,
            widget=forms.TextInput(attrs={"data-words": True}),
        )
        self.email = email

    def clean(self, value: Any) -> str:
        """Return the subject without space around it. Raises ValidationError."""
        typed, words = value or "", self.email.subject_words
        found: list[Problem] = problems_of_subject(typed, words=words, body_words=self.email.word_names)
        if found:
            raise ValidationError([sentence(one, words=words, longest=SUBJECT_LONGEST) for one in found])
        return str(typed.strip())


class PreviewChoice(forms.ChoiceField):
    """A choice of how the preview is shown; the first one where none, or an unknown one, was sent."""

    def __init__(self, label: Any, *choices: tuple[str, Any], widget: Any = forms.Select) -> None:
        super().__init__(label=label, choices=choices, initial=choices[0][0], widget=widget)

    def clean(self, value: Any) -> str:
        """Return what was chosen."""
        return str(value if self.valid_value(value) else self.initial)


class EmailTextForm(forms.Form):
    """The text, and for whom and how its preview is shown. `seen`: the version that was shown."""

    use_required_attribute = False

    def __init__(self, *args: Any, email: EditableEmail, clients: dict[int, User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email, self.clients = email, clients
        self.fields["seen"] = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**6)
        if email.has_subject:
            self.fields["subject"] = SubjectField(email)
        for part in email.parts:
            self.fields[part.name] = WordsField(email, part)
        people = ((str(pk), one.name) for pk, one in clients.items())
        self.fields["client"] = PreviewChoice(_("Preview for"), ("", _("Someone invented")), *people)
        radio = forms.RadioSelect
        self.fields["show"] = PreviewChoice(
            _("As"), (HTML, _("HTML")), (PLAIN, _("Plain text")), widget=radio
        )
        self.fields["theme"] = PreviewChoice(
            _("Theme"), ("light", _("Light")), ("dark", _("Dark")), widget=radio
        )
        self.fields["width"] = PreviewChoice(
            _("Width"), ("wide", _("Wide")), ("narrow", _("Narrow")), widget=radio
        )

    def see(self, version: int) -> None:
        """Let the next save win over this version: its person has been told."""
        assert isinstance(self.data, QueryDict)
        self.data = {**self.data.dict(), "seen": str(version)}

    @property
    def text_fields(self) -> list[forms.BoundField]:
        """Return the fields of the text."""
        names = ["subject"] if self.email.has_subject else []
        return [self[name] for name in (*names, *(part.name for part in self.email.parts))]

    @property
    def text(self) -> Text:
        """Return the text, once it is valid."""
        parts = {part.name: self.cleaned_data[part.name] for part in self.email.parts}
        return Text(self.cleaned_data.get("subject", ""), parts)

    @property
    def client(self) -> User | None:
        """Return whom the preview is for; None for someone invented."""
        return self.clients.get(int(self.cleaned_data["client"] or 0))

    @property
    def problems(self) -> list[str]:
        """Return every sentence about what is wrong, with the name of its field."""
        return [
            f"{bound.label}: {error}" if not bound.is_hidden else str(error)
            for bound in self
            for error in bound.errors
        ]
