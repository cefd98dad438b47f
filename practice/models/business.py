"""The models of the business: one row of settings its owner edits, and its rooms."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from practice.core.locales import phone_numbers
from practice.core.locales.emergency import emergency_number
from practice.core.locales.readers import known_language, locale_of
from practice.in_language import PracticeFacts, note_facts
from practice.models.phone import PhoneField
from practice.models.readers_text import ReadersCharField, ReadersTextField
from practice.models.validators import known_locale, validate_reminders, validate_zone


def two_days_and_two_hours() -> list[int]:
    """Return the default hours of reminders before a session."""
    return [48, 2]


#: What a client agrees to when booking: the cancellation policy, and the owner's own words.
AGREED_TO = {"free_hours", "locked_hours", "late_percent", "moves_allowed", "treatment_consent"}


def _plain(practice: Practice, name: str) -> str:
    """Return a value as text on one line, as it was written: another line break is no change."""
    field: Any = practice._meta.get_field(name)
    return " ".join(str(field.value_from_object(practice)).split())


class Practice(models.Model):
    """The practice: the one row of name, address, policies and quiet hours."""

    name = models.CharField(max_length=120)
    address = models.TextField(blank=True, help_text=_("One line per address line."))
    phone = PhoneField(blank=True)
    email = models.EmailField(blank=True)
    zone = models.CharField(
        _("time zone"), max_length=64, default="America/Denver", validators=[validate_zone]
    )
    home_locale = models.CharField(
        _("locale"),
        max_length=10,
        db_column="locale",
        default="en-us",
        validators=[known_locale],
        help_text=_("How dates, times and prices are written: en-us says 2:30 PM, en-gb says 14:30."),
    )
    has_own_texts = models.BooleanField(
        default=False,
        editable=False,
        help_text="An email has words of the practice's own: only then are they looked for.",
    )
    translations = models.CharField(
        max_length=12,
        blank=True,
        default="",
        editable=False,
        help_text="A stamp that changes with every translation; empty: the practice writes in one language.",
    )
    currency = models.CharField(max_length=3, default="USD")
    standfirst = ReadersTextField(_("about the practice, in two sentences"), blank=True)
    headline = ReadersTextField(
        _("headline"),
        max_length=120,
        blank=True,
        help_text=_("If empty, it is the name of the practice."),
    )
    introduction = ReadersTextField(
        _("introduction"), blank=True, help_text=_("If empty, it is the text about the practice.")
    )
    approach_title = ReadersCharField(
        _("how a session goes: heading on the home page"), max_length=120, blank=True
    )
    approach = ReadersTextField(
        _("how a session goes, in Markdown"),
        blank=True,
        help_text=_("Each ## heading starts a step. If empty, the home page leaves this part out."),
    )

    free_hours = models.PositiveSmallIntegerField(
        _("free to move or cancel until … hours before"), default=24
    )
    locked_hours = models.PositiveSmallIntegerField(_("by phone only in the last … hours"), default=2)
    late_percent = models.PositiveSmallIntegerField(
        _("late cancellation fee, percent of the price"), default=50, validators=[MaxValueValidator(100)]
    )
    moves_allowed = models.PositiveSmallIntegerField(_("how often a client can move a session"), default=2)

    reminder_hours = models.JSONField(
        _("reminders, hours before"),
        default=two_days_and_two_hours,
        validators=[validate_reminders],
        help_text=_("Such as [48, 2], or [] for none."),
    )
    offer_minutes = models.PositiveSmallIntegerField(
        _("waitlist offers stay open for … minutes"), default=60, validators=[MinValueValidator(5)]
    )
    request_hours = models.PositiveSmallIntegerField(
        _("unanswered requests expire after … hours"),
        default=48,
        validators=[MinValueValidator(1)],
    )
    embed_sites = models.TextField(
        _("websites that may show the booking page in a frame"),
        blank=True,
        help_text=_("One per line, such as https://example.com. Leave empty to allow any."),
    )

    quiet_from = models.TimeField(_("no emails between sessions from"), default="20:00")
    quiet_until = models.TimeField(_("until"), default="08:00")
    keep_letter_bodies_days = models.PositiveSmallIntegerField(
        _("delete the text of emails after … days"),
        default=90,
        validators=[MinValueValidator(1), MaxValueValidator(3650)],
    )
    keep_unfinished_intakes_days = models.PositiveSmallIntegerField(
        _("delete unfinished intakes … days after the session"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
    )
    keep_email_addresses_days = models.PositiveSmallIntegerField(
        _("delete whom an email went to after … days"),
        default=730,
        validators=[MinValueValidator(90), MaxValueValidator(3650)],
    )
    keep_visitor_questions_days = models.PositiveSmallIntegerField(
        _("delete questions from visitors after … days"),
        default=180,
        validators=[MinValueValidator(30), MaxValueValidator(3650)],
    )
    keep_office_log_days = models.PositiveSmallIntegerField(
        _("delete who changed what in the back office after … days"),
        default=730,
        validators=[MinValueValidator(365), MaxValueValidator(3650)],
    )
    keep_records_years = models.PositiveSmallIntegerField(
        _("erase records of clients who have not been here for … years"),
        null=True,
        blank=True,
        validators=[MinValueValidator(7), MaxValueValidator(50)],
        help_text=_("Empty: until they ask for it."),
    )
    record_months = models.PositiveSmallIntegerField(
        _("practitioners can open a record until … months after their last session"),
        default=12,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
    )
    treatment_consent = ReadersTextField(
        _("what clients agree to when booking"), blank=True, only_if_current=True
    )
    tax_name = ReadersCharField(_("name of the tax on receipts"), max_length=40, blank=True)
    tax_rate = models.DecimalField(
        _("tax rate included in prices, in percent"),
        max_digits=4,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(0)],
    )
    tax_number = models.CharField(_("tax number on receipts"), max_length=40, blank=True)
    receipt_note = ReadersCharField(_("last line on receipts"), max_length=200, blank=True)
    payments_since = models.DateField(
        _("payments are recorded since"),
        null=True,
        blank=True,
        help_text=_("Sessions before this day are not listed as outstanding."),
    )
    logo = models.CharField(
        max_length=48,
        blank=True,
        default="",
        editable=False,
        help_text="The name of the file in MEDIA_ROOT/look/, made of its content and its size.",
    )
    accent = models.CharField(_("color"), max_length=7, blank=True, default="")
    accent_dark = models.CharField(_("color on dark screens"), max_length=7, blank=True, default="")
    moved_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="When the address changed, until the owner says whether to tell those who are booked.",
    )
    copied_on = models.DateField(
        null=True,
        blank=True,
        editable=False,
        help_text="The day on which the owner last confirmed that everything was copied to another machine.",
    )
    consent_version = models.PositiveSmallIntegerField(
        default=1,
        editable=False,
        help_text="Of what clients agree to when booking; a change of it is a new version.",
    )
    zone_data = models.CharField(
        max_length=12,
        blank=True,
        editable=False,
        help_text="The version of the time zone data by which other calendars were last read.",
    )
    off_the_clock = models.BooleanField(
        default=False,
        editable=False,
        help_text="When last looked, something booked no longer matched the rules of its zone.",
    )
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("the practice")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_practice")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def from_db(
        cls, db: str | None, field_names: Collection[str], values: Collection[Any], **options: Any
    ) -> Practice:
        """Return the practice, and keep what its texts are read by: see `practice/in_language.py`."""
        practice = super().from_db(db, field_names, values, **options)
        if {"home_locale", "zone", "translations"} <= set(field_names):
            practice.note_facts()
        return practice

    def note_facts(self) -> None:
        """Keep what the texts of the practice are read by, for this request or email."""
        note_facts(PracticeFacts(self.language, self.region, self.translations))

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and note a new address and a new version of what clients agree to when booking."""
        self.pk = 1
        before = Practice.objects.filter(pk=1).first()
        written = kwargs.get("update_fields")
        noted = set()
        if before is not None and before.address and before.address_lines != self.address_lines:
            self.moved_at = timezone.now()
            noted.add("moved_at")
        if before is not None:
            self.consent_version = before.consent_version
            if self._asks_more(before, AGREED_TO if written is None else AGREED_TO & set(written)):
                self.consent_version += 1
                noted.add("consent_version")
        if written is not None:
            kwargs["update_fields"] = {*written, *noted}
        super().save(*args, **kwargs)
        self.note_facts()

    def _asks_more(self, before: Practice, fields: set[str]) -> bool:
        """Return whether clients would agree to something else than `before`, in one of these fields."""
        return any(_plain(self, name) != _plain(before, name) for name in fields)

    @property
    def region(self) -> str:
        """Return the country of the practice, whose numbers need no prefix."""
        return phone_numbers.region_of(self.zone, self.home_locale)

    @property
    def locale(self) -> str:
        """Return how dates, times and prices are written for the reader of this moment: see `locale_of`."""
        return locale_of(translation.get_language() or settings.LANGUAGE_CODE, self.home_locale)

    @property
    def language(self) -> str:
        """Return the language of people of whom no other is known."""
        return known_language(self.home_locale)

    @property
    def emergency_number(self) -> str:
        """Return the number to call in an emergency, in the practice's country whatever the language."""
        return emergency_number(self.region)

    @property
    def phone_shown(self) -> str:
        """Return the practice's own number as its country writes it; "" without one."""
        return phone_numbers.shown(str(self.phone or ""), region=self.region) if self.phone else ""

    @property
    def address_lines(self) -> list[str]:
        """Return the lines of the address as on an envelope."""
        return [line.strip() for line in self.address.splitlines() if line.strip()]


class Room(models.Model):
    """A room with one table: never two people at one time."""

    name = models.CharField(max_length=80, unique=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
