"""Validators that several models share; their messages are for the person who typed the value."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from practice.core.body import REGIONS
from practice.core.clock import UnknownZone, zone_named
from practice.core.locales.patterns import UnknownLocale, read_locale


def validate_zone(value: str) -> None:
    """Raise ValidationError for anything but an IANA zone such as "America/Denver"."""
    try:
        zone_named(value)
    except UnknownZone as error:
        raise ValidationError(
            _("There is no time zone “%(zone)s”. Try America/Denver.") % {"zone": value}
        ) from error


def known_locale(value: str) -> None:
    """Raise ValidationError for anything but a locale such as "en-us"."""
    try:
        read_locale(value)
    except UnknownLocale as error:
        raise ValidationError(
            _("We don’t know the locale “%(locale)s”. Try en-us, en-gb, es-us, fr-ca or de.")
            % {"locale": value}
        ) from error


def validate_regions(value: object) -> None:
    """Raise ValidationError for anything but a list of slugs of body regions."""
    known = {region.slug for region in REGIONS}
    if not isinstance(value, list) or not set(map(str, value)) <= known:
        raise ValidationError(
            _("Choose from these body regions: %(known)s.") % {"known": ", ".join(sorted(known))}
        )


def validate_reminders(value: object) -> None:
    """Raise ValidationError for anything but at most five whole hours, from one hour to four weeks."""
    if (
        not isinstance(value, list)
        or len(value) > 5
        or len(set(map(str, value))) < len(value)
        or not all(type(hours) is int and 1 <= hours <= 672 for hours in value)
    ):
        raise ValidationError(
            _("Enter up to five different whole numbers of hours, from 1 to 672, such as [48, 2].")
        )


def validate_weekdays(value: object) -> None:
    """Raise ValidationError for anything but a list of weekday numbers; Monday is 0."""
    if not isinstance(value, list) or any(type(day) is not int or day not in range(7) for day in value):
        raise ValidationError(_("Weekdays are a list of numbers from 0, Monday, to 6, Sunday."))
