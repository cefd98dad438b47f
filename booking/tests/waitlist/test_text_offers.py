"""An offer goes by text message as well, while it can be taken, and never at night."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.core import mail
from pytest_django.fixtures import Settings

from booking.appointments.actions.cancel import cancel
from booking.models import SessionType
from booking.offers import queries as offers_queries
from booking.tests.people import ANN, BEN, NOW, TEN, booked
from booking.waitlist.actions.answer import decline
from booking.waitlist.actions.join import WaitlistChoices, join
from practice.core.texts.length import MOST_SEGMENTS, length_of
from practice.mail.delivery import deliver
from practice.models import Letter, Practice, Practitioner, TextNumber, User
from practice.tests.mail.text_gateway import TextGateway, text_gateway

pytestmark = [pytest.mark.engines, pytest.mark.django_db]
ANNS = "+13035550101"
NOON = NOW.replace(hour=12)


@pytest.fixture
def gateway(settings: Settings, practice: Practice) -> Iterator[TextGateway]:
    """The gateway that the setting names."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with text_gateway() as found:
        settings.TEXT_MESSAGES_URL = found.url
        yield found


@pytest.fixture
def ann(gateway: TextGateway, session: SessionType, tess: Practitioner) -> User:
    """Ann, who waits and has confirmed a number; Ben has given his time back, so it is offered to her."""
    entry = join(session, WaitlistChoices(last_day=dt.date(2027, 4, 30)), attendee=ANN, now=NOW)
    TextNumber.objects.create(user=entry.client, number=ANNS, given_at=NOW)
    cancel(booked(session, tess, TEN, attendee=BEN), now=NOON)
    Letter.objects.exclude(kind__in=("offer", "text_offer")).update(state=Letter.State.SENT)
    return entry.client


def run(now: dt.datetime) -> None:
    """Deliver all that is due at that moment."""
    while deliver.step(now=now):
        pass


def test_it_goes_by_email_and_by_text(ann: User, gateway: TextGateway) -> None:
    run(NOON)
    assert [one.to for one in mail.outbox] == [[f"Ann Lee <{ann.email}>"]]
    (text,) = gateway.taken
    assert text["to"] == ANNS
    assert "Tuesday, March 16 at 10:00 AM" in text["body"]
    assert "/offers/" in text["body"]
    assert length_of(text["body"]).segments <= MOST_SEGMENTS


def test_the_text_of_an_offer_is_in_its_readers_language_dates_and_all(
    ann: User, gateway: TextGateway
) -> None:
    ann.language = "es"
    ann.save(update_fields=["language"])
    run(NOON)
    (text,) = gateway.taken
    assert ("16 de marzo" in text["body"], "March" in text["body"]) == (True, False)


def test_an_offer_that_is_over_is_not_texted(ann: User, gateway: TextGateway) -> None:
    decline(offers_queries.open_offers().get(), now=NOON)
    run(NOON)
    assert gateway.taken == []


def test_an_offer_in_quiet_hours_goes_by_email_alone(ann: User, gateway: TextGateway) -> None:
    User.objects.filter(pk=ann.pk).update(zone="Asia/Tokyo")  # where it is four in the morning
    run(NOON)
    assert (gateway.taken, len(mail.outbox)) == ([], 1)


def test_who_wants_emails_alone_gets_no_text(ann: User, gateway: TextGateway) -> None:
    TextNumber.objects.update(way="email")
    run(NOON)
    assert (gateway.taken, len(mail.outbox)) == ([], 1)
