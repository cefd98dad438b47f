"""Who booked for somebody else, or whoever attends, is erased: the other keeps what is theirs.

Everything was booked, wished for, offered, signed and said before.
"""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from django.utils import timezone

from booking.appointments.actions.book import Attendee, book
from booking.appointments.actions.change_attendee import give_own_record
from booking.models import Appointment, Offer, SessionType, WaitlistEntry
from booking.offers.actions import make_offer
from booking.testing import make_appointment, make_session_type, open_every_day
from booking.waitlist.actions.answer import accept
from booking.waitlist.actions.join import WaitlistChoices, join
from portal.erasure.actions.erase import erase
from portal.tests.canary import decrypted_fields, left_of, packed, tables
from practice.models import Consent, Letter, Practitioner, User
from practice.testing import make_practice, make_practitioner, make_user
from practice.tests.mail.builders import make_letter

pytestmark = [pytest.mark.engines, pytest.mark.django_db]
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
PHONE = "303 555 0177"
SAM = Attendee("Sam Smith", "ann@example.com", PHONE, address="5 Elm Row")


@pytest.fixture
def now() -> dt.datetime:
    return timezone.now().replace(minute=0, second=0, microsecond=0)


@pytest.fixture
def tess(db: None) -> Practitioner:
    make_practice()
    made = make_practitioner()
    open_every_day(made)
    return made


@pytest.fixture
def kind(tess: Practitioner) -> SessionType:
    return make_session_type(tess)


@pytest.fixture
def ann(tess: Practitioner) -> User:
    return make_user("Ann Lee")


@pytest.fixture
def sam(ann: User) -> User:
    made: User = User.objects.create_user(name="Sam Smith", correspondent=ann)
    return made


@pytest.fixture
def unclear(kind: SessionType, tess: Practitioner, ann: User, now: dt.datetime) -> Appointment:
    """Sam's session of before everybody had a record: filed under Ann."""
    return make_appointment(
        session_type=kind,
        practitioner=tess,
        start=now - 2 * HOUR,
        client=ann,
        attendee_name="Sam Smith",
        attendee_unclear=True,
    )


@pytest.fixture
def wish(kind: SessionType, sam: User, now: dt.datetime) -> WaitlistEntry:
    """Ann waits for a time for Sam."""
    SessionType.objects.filter(pk=kind.pk).update(place="client")
    kind.refresh_from_db()
    made = join(kind, WaitlistChoices(last_day=(now + 30 * DAY).date()), attendee=SAM, now=now)
    assert made is not None
    return made


@pytest.fixture
def offer(wish: WaitlistEntry, tess: Practitioner, now: dt.datetime) -> Offer:
    return make_offer(wish, tess, now + 50 * HOUR, freed=None, now=now)


@pytest.fixture
def both(
    offer: Offer, unclear: Appointment, kind: SessionType, tess: Practitioner, ann: User, now: dt.datetime
) -> Appointment:
    """What Ann booked for Sam while signed in; beside it all that could name one of them to the other."""
    start = now + 74 * HOUR
    made = book(
        kind, practitioners=[tess], start=start, attendee=SAM, client=ann, by=ann, consent=True, now=now
    )
    give_own_record(unclear, by=tess.user, now=now)
    Consent.objects.create(user=made.client, kind="treatment", version=1, text="x", signed_name="Ann Lee")
    notice = make_letter("digest", user=tess.user, to_address="tess@example.com", state="sent")
    Letter.objects.filter(pk=notice.pk).update(text="At ten: Ann Lee", html="", about="")
    return made


def where_found(*traces: str) -> set[tuple[str, str]]:
    return left_of(set(traces), itertools.chain(tables(), packed(), decrypted_fields()))


def test_of_an_erased_attendee_nothing_is_left_with_who_booked_and_theirs_stays(
    both: Appointment, offer: Offer, sam: User, ann: User, now: dt.datetime
) -> None:
    assert {"table practice_accesslog.params", "table booking_waitlistentry.attendee_name"} <= {
        place for place, _ in where_found("sam smith")
    }
    erase(sam, now=now)
    assert where_found("sam smith", "5 elm row") == set()
    assert not both.changes.filter(by=ann).exists()
    assert not Appointment.objects.get(pk=offer.appointment_id).occupies
    (digest,) = Letter.objects.filter(kind="digest")
    digest.open_words()
    assert digest.text == "At ten: Ann Lee"
    assert Letter.objects.filter(user=ann).count() == 0


def test_of_an_erased_booker_nothing_is_left_with_who_attends_but_what_they_signed(
    both: Appointment, sam: User, ann: User, now: dt.datetime
) -> None:
    erase(ann, now=now)
    signed_as = {("table practice_consent.signed_name", "ann lee")}
    assert where_found("ann lee", "ann@example.com", PHONE, str(ann.phone) or PHONE) == signed_as
    both.refresh_from_db()
    assert (both.client, both.attendee_name, both.state) == (sam, "Sam Smith", "booked")


def test_what_a_waitlist_entry_of_who_booked_became_is_the_session_of_who_attends(
    offer: Offer, sam: User, ann: User, now: dt.datetime
) -> None:
    taken = accept(offer, now=now)
    erase(ann, now=now)
    taken.refresh_from_db()
    assert (taken.client, taken.attendee_name, taken.state) == (sam, "Sam Smith", "booked")


def test_a_waitlist_entry_of_who_booked_for_themselves_or_for_another_stays_when_one_attendee_is_erased(
    wish: WaitlistEntry, sam: User, ann: User, now: dt.datetime
) -> None:
    for name in ("Ann Lee", "Kim Lee", ""):
        WaitlistEntry.objects.create(
            client=ann, attendee_name=name, session_type=wish.session_type, last_day=wish.last_day
        )
    erase(sam, now=now)
    assert set(ann.waitlist_entries.values_list("attendee_name", flat=True)) == {"Ann Lee", "Kim Lee", ""}


def test_of_an_erased_booker_the_own_emails_of_who_attends_stay_and_those_to_staff_go(
    both: Appointment, tess: Practitioner, sam: User, ann: User, now: dt.datetime
) -> None:
    own = make_letter(user=sam, to_address="sam@example.com", about=both.about, state="sent")
    notice = make_letter("notice_booked", user=tess.user, about=both.about, state="sent")
    hers = make_letter(user=ann, about=both.about, state="sent")
    erase(ann, now=now)
    assert set(Letter.objects.filter(pk__in=(own.pk, notice.pk, hers.pk))) == {own}
