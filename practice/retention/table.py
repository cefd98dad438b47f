"""The lines of retention for what `practice/` keeps: people, emails, sign-ins and logs."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext_lazy, ngettext

from practice.accounts.address_changes import LIVES_FOR
from practice.mail_events.round_trip.retention import KEPT
from practice.models import Practice
from practice.retention.periods import OUTBOX, UNCONFIRMED_NUMBER
from practice.retention.rules import (
    RetentionRule,
    Section,
    always,
    as_backups_are_kept,
    by_tax_law,
    for_days,
    for_days_of,
    record_period,
    with_practice,
    with_record,
)


def _signed_in(practice: Practice) -> str:
    number = settings.SESSION_COOKIE_AGE // (24 * 3600)
    return ngettext(
        "until you sign out, or up to %(days)s day",
        "until you sign out, or up to %(days)s days",
        number,
    ) % {"days": number}


RECORD = (
    RetentionRule(
        key="person",
        section=Section.RECORD,
        what=gettext_lazy("Your name, email address, phone number, time zone and language"),
        how_long=record_period,
        why=gettext_lazy("To reach you about your sessions, and to keep your record apart from others."),
        models=("practice.User", "practice.SearchWord", "account.EmailAddress"),
        chores=("forget_inactive",),
        setting="keep_records_years",
    ),
    RetentionRule(
        key="consents",
        section=Section.RECORD,
        what=gettext_lazy("What you agreed to or signed, and when"),
        how_long=with_record,
        why=gettext_lazy("It shows what you allowed us, and what you withdrew."),
        models=("practice.Consent",),
    ),
)
EMAILS = (
    RetentionRule(
        key="email_texts",
        section=Section.EMAILS,
        what=gettext_lazy("The text of an email (a sign-in code is deleted right away)"),
        how_long=for_days_of("keep_letter_bodies_days"),
        why=gettext_lazy("So that we can look up what we wrote when you ask."),
        models=("practice.Letter",),
        chores=("blank_old_bodies",),
        setting="keep_letter_bodies_days",
    ),
    RetentionRule(
        key="email_addresses",
        section=Section.EMAILS,
        what=gettext_lazy("The address an email went to, and whether it arrived"),
        how_long=for_days_of("keep_email_addresses_days"),
        why=gettext_lazy("So that no email is sent twice, and to find out why one did not arrive."),
        models=("practice.Letter", "practice.EmailEvent"),
        chores=("old_addresses", "old_email_events"),
        setting="keep_email_addresses_days",
    ),
    RetentionRule(
        key="blocked_addresses",
        section=Section.EMAILS,
        what=gettext_lazy("An address that doesn’t want our emails, or where they don’t arrive"),
        how_long=always(gettext_lazy("until it may be emailed again; after an erasure, only scrambled")),
        why=gettext_lazy("By law we may not email someone who said no, and we can only tell by the address."),
        models=("practice.Suppression",),
    ),
    RetentionRule(
        key="unconfirmed_numbers",
        section=Section.EMAILS,
        what=gettext_lazy("A number for text messages that was not confirmed"),
        how_long=for_days(UNCONFIRMED_NUMBER.days),
        why=gettext_lazy("To wait for the code we sent there."),
        models=("practice.TextNumber",),
        chores=("unconfirmed_numbers",),
    ),
    RetentionRule(
        key="numbers",
        section=Section.EMAILS,
        what=gettext_lazy("A number you confirmed for text messages"),
        how_long=with_record,
        why=gettext_lazy("It shows that you asked for texts, and when you stopped them."),
        models=("practice.TextNumber",),
    ),
    RetentionRule(
        key="text_messages",
        section=Section.EMAILS,
        what=gettext_lazy("What a text message cost, without its words"),
        how_long=by_tax_law,
        why=gettext_lazy("It is an expense of the practice."),
        models=("practice.TextMessage",),
    ),
    RetentionRule(
        key="round_trips",
        section=Section.EMAILS,
        what=gettext_lazy("Emails that the site sent to itself, to see whether emails arrive"),
        how_long=for_days(KEPT.days),
        why=gettext_lazy("To see since when emails get lost. The last one that came back is kept."),
        models=("practice.Letter",),
        chores=("old_round_trips",),
        is_public=False,
    ),
    RetentionRule(
        key="outbox",
        section=Section.EMAILS,
        what=gettext_lazy("Emails written to files, where no mail server is set"),
        how_long=for_days(OUTBOX.days),
        why=gettext_lazy("To read them while the site is tried out."),
        chores=("old_outbox",),
        is_public=False,
    ),
)
ACCOUNT = (
    RetentionRule(
        key="sign_ins",
        section=Section.ACCOUNT,
        what=gettext_lazy("A sign-in: when, which browser, from which address"),
        how_long=_signed_in,
        why=gettext_lazy("So that you can see where you are signed in, and end it."),
        models=("sessions.Session", "usersessions.UserSession"),
        chores=("expired_sessions", "ended_sign_ins"),
    ),
    RetentionRule(
        key="second_steps",
        section=Section.ACCOUNT,
        what=gettext_lazy("Your passkeys and authenticator app"),
        how_long=always(gettext_lazy("until you remove them, or as long as your record")),
        why=gettext_lazy("You sign in with them."),
        models=("mfa.Authenticator",),
    ),
    RetentionRule(
        key="address_changes",
        section=Section.ACCOUNT,
        what=gettext_lazy("The address you signed in with before, so that a change can be undone"),
        how_long=for_days(LIVES_FOR.days),
        why=gettext_lazy("If someone else changed it, you get your account back."),
        models=("practice.AddressChange", "account.EmailConfirmation"),
        chores=("forget_changes",),
    ),
    RetentionRule(
        key="counts",
        section=Section.ACCOUNT,
        what=gettext_lazy("Counts of sign-in tries, with the address that was typed"),
        how_long=always(gettext_lazy("until they no longer count, at most 2 days")),
        why=gettext_lazy("So that no one can guess passwords or codes."),
        models=("practice.UsageCount",),
        chores=("forget_tallies", "expired_cache"),
    ),
)
LOGS = (
    RetentionRule(
        key="access_log",
        section=Section.LOGS,
        what=gettext_lazy("Who opened your record"),
        how_long=with_record,
        why=gettext_lazy("You can read it in your portal. The database lets no one change or remove a line."),
        models=("practice.AccessLog",),
    ),
    RetentionRule(
        key="office_log",
        section=Section.LOGS,
        what=gettext_lazy("Who changed what in the back office"),
        how_long=for_days_of("keep_office_log_days"),
        why=gettext_lazy("To find out how a mistake came about."),
        models=("admin.LogEntry",),
        chores=("old_office_log",),
        setting="keep_office_log_days",
    ),
    RetentionRule(
        key="erased_numbers",
        section=Section.LOGS,
        what=gettext_lazy("The number of each record that was erased, and when"),
        how_long=with_practice,
        why=gettext_lazy("So that it is erased again when a backup is restored."),
        models=("practice.Erasure",),
        is_public=False,
    ),
    RetentionRule(
        key="door_openings",
        section=Section.LOGS,
        what=gettext_lazy("When rows of an append-only log were changed or removed, and why; without names"),
        how_long=with_practice,
        why=gettext_lazy("It shows that a log was changed only by an erasure, a merge or a deadline."),
        models=("practice.DoorOpening",),
        is_public=False,
    ),
)
PRACTICE = (
    RetentionRule(
        key="practice",
        section=Section.PRACTICE,
        what=gettext_lazy("Settings, rooms, articles, texts of emails and consent forms, and who works here"),
        how_long=with_practice,
        why=gettext_lazy("The site is made of them. They are about no client."),
        models=(
            *("practice.Practice", "practice.Room", "practice.Practitioner", "practice.Article"),
            *("practice.ConsentText", "practice.EmailText", "practice.TranslatedText", "practice.Heartbeat"),
            *("practice.Lease", "booking.AvailabilityVersion"),
            *("auth.Permission", "auth.Group", "contenttypes.ContentType"),
        ),
        is_public=False,
    ),
    RetentionRule(
        key="backups",
        section=Section.PRACTICE,
        what=gettext_lazy("Backups"),
        how_long=as_backups_are_kept,
        why=gettext_lazy("To bring everything back after a breakdown."),
    ),
)
RULES = (*RECORD, *EMAILS, *ACCOUNT, *LOGS, *PRACTICE)
