"""The forms of the practice's settings, each with the fields of one page."""

from __future__ import annotations

from typing import Any

from babel import Locale
from babel.core import UnknownLocaleError
from babel.numbers import get_currency_name
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from practice.business.actions import fingerprint
from practice.business.engine import colors
from practice.business.engine.contrast import is_color
from practice.business.wording import unreadable
from practice.core.locales.zone_words import zone_choices
from practice.models import Practice

#: Offered in the list; another one that is stored stays chosen.
LOCALES = (
    "en-us",
    "en-ca",
    "en-gb",
    "en-au",
    "en-nz",
    "en-ie",
    "es-us",
    "es-mx",
    "es-es",
    "fr-ca",
    "fr-fr",
    "de-de",
)
CURRENCIES = ("USD", "CAD", "GBP", "EUR", "AUD", "NZD", "CHF", "MXN")


class SettingsForm(forms.ModelForm):
    """A form for some fields of the practice, which knows what they were when it was shown.

    Nothing is saved by the form: `changed_values` goes to `save_settings`.
    """

    use_required_attribute = False
    seen = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = fingerprint(self.instance, self._meta.fields or ())

    @property
    def values(self) -> dict[str, Any]:
        """Return the settings as they were typed, once they are valid."""
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}

    def show_again(self, practice: Practice) -> None:
        """Let the next save win over what the practice is now: its person has been told."""
        assert isinstance(self.data, QueryDict)
        self.data = {**self.data.dict(), "seen": fingerprint(practice, self._meta.fields or ())}


def locale_choices(current: str) -> list[tuple[str, str]]:
    """Return locales as "English (United States)", each in the words of its own language."""
    return [(one, _named(one)) for one in dict.fromkeys((*LOCALES, current))]


def _named(tag: str) -> str:
    try:
        return Locale.parse(tag, sep="-").get_display_name() or tag
    except (UnknownLocaleError, ValueError):
        return tag


def currency_choices(current: str) -> list[tuple[str, str]]:
    """Return currencies as "USD, US Dollar"."""
    found = dict.fromkeys((*CURRENCIES, current))
    return [(one, f"{one}, {get_currency_name(one, locale='en_US')}") for one in found]


class DetailsForm(SettingsForm):
    """The form for who and where the practice is, and how it writes times and money."""

    class Meta:
        model = Practice
        fields = ("name", "address", "phone", "email", "zone", "home_locale", "currency")
        widgets = {"address": forms.Textarea({"rows": 3})}
        labels = {
            "name": _("Name"),
            "address": _("Address"),
            "phone": _("Phone"),
            "email": _("Email"),
            "zone": _("Time zone"),
            "home_locale": _("How dates, times, and prices are written"),
            "currency": _("Currency"),
        }
        help_texts = {
            "address": _("One line per address line. It is on every page and in every email."),
            "email": _("Emails to clients come from it, and they reply to it."),
            "zone": _("The clock of your opening hours. Booked sessions keep their time."),
            "home_locale": "",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (
            ("zone", zone_choices(self.instance.locale)),
            ("home_locale", locale_choices(self.instance.home_locale)),
            ("currency", currency_choices(self.instance.currency)),
        ):
            known = dict(choices)
            known.setdefault(getattr(self.instance, name), getattr(self.instance, name))
            self.fields[name].widget = forms.Select(choices=list(known.items()))


class HomePageForm(SettingsForm):
    """The form for the words of the home page."""

    class Meta:
        model = Practice
        fields = ("headline", "introduction", "standfirst", "approach_title", "approach")
        widgets = {
            "headline": forms.Textarea({"rows": 2, "class": "one"}),
            "introduction": forms.Textarea({"rows": 3}),
            "standfirst": forms.Textarea({"rows": 3}),
            "approach": forms.Textarea({"rows": 14}),
        }
        labels = {
            "headline": _("Headline"),
            "introduction": _("Introduction, below the headline"),
            "standfirst": _("About the practice, in two sentences"),
            "approach_title": _("Your philosophy: heading"),
            "approach": _("Your philosophy, step by step"),
        }
        help_texts = {
            "standfirst": _("At the end of every page, and what search engines show."),
            "approach": _(
                "Start each step with a line like “## The foundation”. If empty, the home page leaves this "
                "part out."
            ),
        }


class LookForm(SettingsForm):
    """The form for the practice's color by day and in the dark. Nothing is stored for the site's own."""

    dark_auto = forms.BooleanField(label=_("Choose the color for dark screens for me"), required=False)

    class Meta:
        model = Practice
        fields = ("accent", "accent_dark")
        widgets = {"accent": forms.ColorInput(), "accent_dark": forms.ColorInput()}
        labels = {"accent": _("Your color"), "accent_dark": _("Color on dark screens")}
        help_texts = {"accent": _("For buttons, links, and the mark.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        light = self.instance.accent or colors.LIGHT.accent
        self.fields["accent"].required = True
        for name in ("accent", "accent_dark"):  # a color's field knows no length
            self.fields[name].widget.attrs.pop("maxlength", None)
        self.initial["accent"] = light.lower()
        self.initial["accent_dark"] = (self.instance.accent_dark or colors.partner(light)).lower()
        self.initial["dark_auto"] = not self.instance.accent_dark

    def clean_accent(self) -> str:
        """Return the color, once it can be read on every surface of the light pages."""
        return _readable(self.cleaned_data["accent"], colors.LIGHT)

    def clean(self) -> dict[str, Any]:
        """Return both colors; the one for the dark is empty where it follows from the other."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("dark_auto"):
            data["accent_dark"] = ""
        else:
            try:
                data["accent_dark"] = _readable(data.get("accent_dark", ""), colors.DARK)
            except forms.ValidationError as error:
                self.add_error("accent_dark", error)
        light = data.get("accent", "")
        if light == colors.LIGHT.accent and data.get("accent_dark", "") in ("", colors.DARK.accent):
            data["accent"] = data["accent_dark"] = ""
        return data

    @property
    def shown(self) -> tuple[str, str]:
        """Return the colors of the preview: what was sent, as far as it is a color; else what is saved."""
        light, dark = str(self["accent"].value() or ""), str(self["accent_dark"].value() or "")
        light = light if is_color(light) else colors.LIGHT.accent
        if self["dark_auto"].value() or not is_color(dark):
            dark = colors.partner(light)
        return light.upper(), dark.upper()


def _readable(color: str, theme: colors.Theme) -> str:
    """Return a color in capitals. Raises ValidationError for what is none, or can't be read."""
    if not is_color(color):
        raise forms.ValidationError(_("Choose a color such as %(color)s.") % {"color": theme.accent})
    found = colors.problem(color, theme)
    if found:
        raise forms.ValidationError(unreadable(found, theme))
    return color.upper()
