"""Checks that several models share; each speaks to the person who typed the value."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from practice.body import REGIONS
from practice.clock import UnknownZone, zone_named


def known_zone(value: str) -> None:
    """An IANA zone such as "America/Denver"."""
    try:
        zone_named(value)
    except UnknownZone as error:
        raise ValidationError(
            _("There is no time zone “%(zone)s”. Try America/Denver.") % {"zone": value}
        ) from error


def known_regions(value: object) -> None:
    """A list of slugs of the shared vocabulary of body regions."""
    known = {region.slug for region in REGIONS}
    if not isinstance(value, list) or not set(map(str, value)) <= known:
        raise ValidationError(
            _("Choose from these body regions: %(known)s.") % {"known": ", ".join(sorted(known))}
        )
