"""The table of all emails about sessions whose texts the owner can edit."""

from booking.email_texts.letters.before import before, other, waiting
from booking.email_texts.letters.changes import booked, changed

EMAILS = (*booked(), *changed(), *before(), *waiting(), *other())
