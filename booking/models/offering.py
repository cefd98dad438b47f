"""Session types, opening hours and closures."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from practice.core import formatting
from practice.models import Practitioner
from practice.models.encrypted import EncryptedTextField
from practice.models.readers_text import ReadersCharField, ReadersTextField


class Place(models.TextChoices):
    """The place of a session. Only at the practice does it take a room."""

    PRACTICE = "practice", _("at the practice")
    CLIENT = "client", _("at the client’s place")
    PHONE = "phone", _("by phone")
    VIDEO = "video", _("by video")


class SessionType(models.Model):
    """A type of session, like "First session, 90 min". Its numbers are the rules of the slot engine."""

    class BufferRule(models.TextChoices):
        MAX = "max", _("keep the longer of the two buffers between sessions")
        ADD = "add", _("add both buffers between sessions")

    class Who(models.TextChoices):
        ANYONE = "anyone", _("anyone")
        NEW = "new", _("new clients only")
        RETURNING = "returning", _("returning clients only")
        STAFF = "staff", _("staff only: we book it for the client")

    class Gaps(models.TextChoices):
        ANY = "any", _("offer every start time")
        PREFER = "prefer", _("suggest start times next to other sessions first")
        REQUIRE = "require", _("never leave a gap too short for a session")

    slug = models.SlugField(_("web address"), unique=True)
    name = ReadersCharField(max_length=80)
    description = ReadersTextField(blank=True)
    preparation = ReadersTextField(
        _("how to prepare"), blank=True, help_text=_("Emailed to clients before their first session.")
    )
    who = models.CharField(_("who may book it"), max_length=10, choices=Who, default=Who.ANYONE)
    needs_approval = models.BooleanField(
        _("needs our approval"),
        default=False,
        help_text=_("A request holds its time until someone here approves or declines it."),
    )
    minutes = models.PositiveSmallIntegerField(validators=[MinValueValidator(5), MaxValueValidator(720)])
    price_cents = models.PositiveIntegerField(_("price, in cents"), default=0)
    place = models.CharField(
        _("place"),
        max_length=8,
        choices=Place,
        default=Place.PRACTICE,
        help_text=_("At the client’s place: we ask for the address and a phone number. By phone: you call."),
    )
    travel_before = models.PositiveSmallIntegerField(
        _("travel time before, in minutes"), default=0, validators=[MaxValueValidator(720)]
    )
    travel_after = models.PositiveSmallIntegerField(
        _("travel time after, in minutes"),
        default=0,
        validators=[MaxValueValidator(720)],
        help_text=_("Only for sessions at the client’s place, in addition to the buffers below."),
    )
    video_link = models.URLField(
        _("link to the video call"),
        max_length=300,
        blank=True,
        validators=[URLValidator(schemes=["https"])],
        help_text=_("For practitioners who don’t have their own link."),
    )
    practitioners = models.ManyToManyField(Practitioner, related_name="session_types")
    buffer_before = models.PositiveSmallIntegerField(_("buffer before, in minutes"), default=0)
    buffer_after = models.PositiveSmallIntegerField(_("buffer after, in minutes"), default=0)
    buffer_rule = models.CharField(
        _("buffers between sessions"), max_length=3, choices=BufferRule, default=BufferRule.MAX
    )
    buffers_inside_hours = models.BooleanField(_("buffers must be within opening hours"), default=False)
    step = models.PositiveSmallIntegerField(
        _("starts every … minutes"),
        null=True,
        blank=True,
        default=30,
        validators=[MinValueValidator(5)],
        help_text=_("Leave empty for back to back."),
    )
    notice_hours = models.PositiveSmallIntegerField(_("minimum notice, in hours"), default=12)
    horizon_days = models.PositiveSmallIntegerField(_("can be booked up to … days ahead"), default=60)
    daily_limit = models.PositiveSmallIntegerField(
        _("maximum sessions per day and practitioner"),
        null=True,
        blank=True,
        help_text=_("Leave empty for no limit."),
    )
    gaps = models.CharField(_("gaps between sessions"), max_length=8, choices=Gaps, default=Gaps.ANY)
    is_active = models.BooleanField(_("can be booked"), default=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("order", "id")

    def __str__(self) -> str:
        return f"{self.name}, {formatting.short_minutes(self.minutes)}"

    @property
    def kept_before(self) -> int:
        """Return minutes kept free before a session, including the way to the client's."""
        return self.buffer_before + (self.travel_before if self.place == Place.CLIENT else 0)

    @property
    def kept_after(self) -> int:
        """Return minutes kept free after a session, including the way back."""
        return self.buffer_after + (self.travel_after if self.place == Place.CLIENT else 0)

    def get_absolute_url(self) -> str:
        return reverse("book_type", args=[self.slug])


MIDNIGHT = dt.time(0)


def end_before_they_begin(opens: dt.time | None, closes: dt.time | None) -> bool:
    """Return whether hours end before they begin within one day. Closing at 00:00 is the end of the day."""
    return opens is not None and closes is not None and closes != MIDNIGHT and closes <= opens


def in_one_day() -> models.Q:
    """Return the filter for hours that end after they begin, or are marked as past midnight."""
    return models.Q(closes__gt=models.F("opens")) | models.Q(closes=MIDNIGHT) | models.Q(past_midnight=True)


def must_be_meant(opens: dt.time | None, closes: dt.time | None, *, past_midnight: bool) -> None:
    """Refuse hours that end before they begin, unless confirmed. Raises ValidationError (`past_midnight`)."""
    if end_before_they_begin(opens, closes) and not past_midnight:
        words = _(
            "These hours end before they begin. If they end after midnight, at %(closes)s on the "
            "next day, check this box and save again. Otherwise, please correct the times."
        )
        assert closes is not None
        raise ValidationError(
            {"past_midnight": ValidationError(words, params={"closes": formatting.wall_time(closes)})}
        )


class OpeningHours(models.Model):
    """A weekly rule in the practitioner's own zone.

    Closing at 00:00 is midnight, 24:00. Closing at or before opening means the next day, and only where
    `past_midnight` says so: nobody types that by mistake.
    """

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    practitioner = models.ForeignKey(Practitioner, on_delete=models.CASCADE, related_name="opening_hours")
    weekday = models.PositiveSmallIntegerField(choices=Weekday)
    opens = models.TimeField()
    closes = models.TimeField(help_text=_("00:00 is midnight."))
    past_midnight = models.BooleanField(
        _("end after midnight, on the next day"),
        default=False,
        help_text=_("For example 22:00–02:00."),
    )

    class Meta:
        ordering = ("practitioner", "weekday", "opens")
        verbose_name = verbose_name_plural = _("opening hours")
        constraints = [models.CheckConstraint(condition=in_one_day(), name="hours_end_after_they_begin")]

    def __str__(self) -> str:
        words = f"{self.get_weekday_display()} {formatting.clock_span(self.opens, self.closes)}"
        return f"{words} (+1)" if end_before_they_begin(self.opens, self.closes) else words

    def clean(self) -> None:
        must_be_meant(self.opens, self.closes, past_midnight=self.past_midnight)


class Closure(models.Model):
    """A date or range that replaces the weekly rule: closed, or other hours.

    Rows with hours on the same days add up; a closed row wins over them. Without a practitioner it is for the
    whole practice.
    """

    practitioner = models.ForeignKey(
        Practitioner, on_delete=models.CASCADE, null=True, blank=True, related_name="closures"
    )
    first_day = models.DateField(db_index=True)
    last_day = models.DateField(db_index=True)
    opens = models.TimeField(null=True, blank=True, help_text=_("Leave empty if closed."))
    closes = models.TimeField(null=True, blank=True, help_text=_("00:00 is midnight."))
    past_midnight = models.BooleanField(
        _("end after midnight, on the next day"),
        default=False,
        help_text=_("For example 22:00–02:00."),
    )
    reason = EncryptedTextField(max_length=120, blank=True, help_text=_("Only the practice can see this."))

    class Meta:
        ordering = ("first_day", "id")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")), name="closure_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=models.Q(opens=None) | in_one_day(), name="closure_hours_end_after_they_begin"
            ),
        ]

    def __str__(self) -> str:
        return formatting.day_span(self.first_day, self.last_day, year=True)

    def clean(self) -> None:
        if self.first_day and self.last_day and self.last_day < self.first_day:
            raise ValidationError({"last_day": _("The last day is before the first.")})
        if (self.opens is None) != (self.closes is None):
            raise ValidationError({"closes": _("Enter both times, or neither for a closed day.")})
        must_be_meant(self.opens, self.closes, past_midnight=self.past_midnight)
